import { useQuery } from '@tanstack/react-query';
import { connectionQuery } from '@/api/shared';
import type { InvoiceKind } from '@/api/types';
import { matchesQuery } from '@/features/invoices/api';
import { useFormat } from '@/lib/locale';
import { count } from '@/lib/plural';
import { HrefButton, HrefLink } from '@/ui/app-link';
import { Card } from '@/ui/card';
import { enteredFilter } from './documents';

const PAGE = '/invoices/entered-already';
const MANY = 10_000;

/** After connecting: what an older tool has sent to Xero is matched before anything else is sent. */
export function EnteredOffer() {
  const connected = useQuery(connectionQuery).data?.state === 'connected';
  const { data } = useQuery({ ...matchesQuery(enteredFilter()), enabled: connected });
  const format = useFormat();
  if (!connected || data === undefined || data === 0) return null;
  const words =
    data === null ? `More than ${format.number(MANY)} invoices` : count(data, 'invoice', 'invoices');
  return (
    <Card title={`${words} may be in Xero already`}>
      <span>
        An older tool or a person has entered documents that look like them. Match them first, so that nothing
        is in Xero twice. They wait until you do.
      </span>
      <div>
        <HrefButton href={PAGE}>
          {data === null ? 'Match them' : `Match these ${format.number(data)}`}
        </HrefButton>
      </div>
    </Card>
  );
}

/** The same, in one line over a list of invoices. */
export function EnteredNote({ kind }: { kind: InvoiceKind }) {
  const { data } = useQuery(matchesQuery(enteredFilter(kind)));
  const format = useFormat();
  if (data === undefined || data === 0) return null;
  return (
    <div className="index-note" role="status">
      {data === null ? `More than ${format.number(MANY)}` : format.number(data)}
      {data === 1 ? ' looks' : ' look'} entered in Xero already.{' '}
      <HrefLink href={PAGE}>Compare {data === 1 ? 'it' : 'them'}</HrefLink>
    </div>
  );
}
