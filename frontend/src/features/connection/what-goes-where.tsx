import { IconArrowLeft, IconArrowRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Connection } from '@/api/types';
import { type Format, useFormat } from '@/lib/locale';
import { Card } from '@/ui/card';
import './what-goes-where.css';

type Kind = Connection['last_sync'][number]['kind'];

/** Ours, the direction, Xero's, and whose last time it is; invoices have a list of their own. */
const MAP: readonly (readonly [string, 'to' | 'from', string, Kind | null])[] = [
  ['Customer invoices', 'to', 'Invoices', null],
  ['Supplier invoices', 'to', 'Bills', null],
  ['Changed contacts', 'to', 'Contacts', 'contact_push'],
  ['Contacts', 'from', 'Contacts', 'contact_import'],
  ['Whom invoices go to', 'from', 'Contacts', 'contacts'],
  ['Accounting codes', 'from', 'Chart of accounts', 'accounts'],
  ['Cost centres', 'from', 'Tracking categories', 'tracking'],
  ['Tax rates', 'from', 'Tax rates', 'tax_rates'],
  ['Items', 'from', 'Products and services', 'items'],
  ['What’s in Xero already', 'from', 'Invoices and bills', 'documents'],
];

/** The data map: what is copied in which direction, and when that was last done. */
export function WhatGoesWhere({ connection, now }: { connection: Connection; now: number }) {
  const format = useFormat();
  const syncs = new Map(connection.last_sync.map((sync) => [sync.kind, sync]));
  return (
    <Card title="What goes where" intro="Payments and purchase orders never go.">
      <table className="what-goes-where">
        <thead>
          <tr>
            <th scope="col">Here</th>
            <th scope="col">In Xero</th>
            <th scope="col">Last time</th>
          </tr>
        </thead>
        <tbody>
          {MAP.map(([ours, direction, theirs, kind]) => (
            <tr key={`${ours} ${direction}`}>
              <th scope="row">{ours}</th>
              <td>
                {direction === 'to' ? (
                  <IconArrowRight size={16} aria-label="goes to" />
                ) : (
                  <IconArrowLeft size={16} aria-label="comes from" />
                )}
                {theirs}
              </td>
              <td className="soft">
                {kind === null ? (
                  <Link to="/exports" className="text-link">
                    See exports
                  </Link>
                ) : (
                  lastTime(syncs.get(kind), format, now)
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function lastTime(sync: Connection['last_sync'][number] | undefined, format: Format, now: number) {
  const last = sync?.at ? format.ago(sync.at, now) : 'not yet';
  return sync?.next_at ? `${last}, next at ${format.time(sync.next_at)}` : last;
}
