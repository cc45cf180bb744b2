import { Button } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { InvoiceGroup, InvoiceKind, StartedExport } from '@/api/types';
import { useFormat } from '@/lib/locale';
import { count } from '@/lib/plural';
import { sumWords } from '@/lib/sum-words';
import { HrefLink } from '@/ui/app-link';
import { ExportDialog } from './export-dialog';
import { type Ready, readyOf } from './ready';
import { bodyOfAll } from './selection-body';
import { useExport } from './use-export';
import './ready-card.css';

type Props = {
  groups: readonly InvoiceGroup[];
  /** When Xero was last asked, in words. */
  checked: string | null;
  /** What stands in place of the buttons while nothing can be exported. */
  instead: ReactNode;
  onExportStarted: (run: StartedExport) => void;
};

/** How much can go to Xero, and the one button that sends it; bills in the foot. */
export function ReadyCard({ groups, checked, instead, onExportStarted }: Props) {
  const client = useQueryClient();
  const [kind, setKind] = useState<InvoiceKind>('customer');
  const exporting = useExport((run) => {
    client.invalidateQueries({ queryKey: ['invoices'] });
    client.invalidateQueries({ queryKey: ['exports'] });
    onExportStarted(run);
  });
  const begin = (one: Ready) => {
    setKind(one.kind);
    exporting.begin(bodyOfAll({ kind: one.kind, view: 'ready' }, one.count));
  };
  const lookAgain = () => {
    exporting.dismiss();
    client.invalidateQueries({ queryKey: ['invoices'] });
  };
  const [first, second] = readyOf(groups);
  const actions = { busy: exporting.busy, pressed: kind, begin, instead };
  return (
    <section className="card" aria-label="Ready to export">
      {first ? <First ready={first} checked={checked} {...actions} /> : <Nothing />}
      {second && <Second ready={second} {...actions} />}
      <ExportDialog exporting={exporting} kind={kind} onLookAgain={lookAgain} />
    </section>
  );
}

type PartProps = {
  ready: Ready;
  busy: boolean;
  /** The kind whose button was pressed last. */
  pressed: InvoiceKind;
  begin: (ready: Ready) => void;
  instead: ReactNode;
};

function First({ ready, checked, busy, pressed, begin, instead }: PartProps & { checked: string | null }) {
  const format = useFormat();
  const named = count(ready.count, ...NOUNS[ready.kind]);
  return (
    <div className="ready-first">
      <div>
        <h2 className="ready-label">Ready to export</h2>
        <p className="ready-sum" data-several={ready.totals.length > 1 || undefined}>
          {ready.totals.map(({ currency, total }) => (
            <span key={currency}>
              {format.money(total, currency)}
              {ready.totals.length > 1 && <small>{currency}</small>}
            </span>
          ))}
        </p>
        <p className="ready-words">
          {named}
          {checked && `, checked against Xero ${checked}`}
        </p>
      </div>
      <div className="ready-actions">
        {instead ?? (
          <Button
            size="md"
            leftSection={<IconUpload size={18} aria-hidden />}
            loading={busy && pressed === ready.kind}
            disabled={busy && pressed !== ready.kind}
            onClick={() => begin(ready)}
          >
            Export {count(ready.count, ...SHORT_NOUNS[ready.kind])}
          </Button>
        )}
        <HrefLink href={`${PATHS[ready.kind]}?view=ready`} className="ready-see">
          See them first
        </HrefLink>
      </div>
    </div>
  );
}

function Second({ ready, busy, pressed, begin, instead }: PartProps) {
  const format = useFormat();
  return (
    <div className="ready-second">
      <HrefLink href={`${PATHS[ready.kind]}?view=ready`} className="ready-second-words">
        {count(ready.count, 'supplier invoice is', 'supplier invoices are')} ready too
      </HrefLink>
      <strong>{sumWords(ready.totals, format)}</strong>
      {!instead && (
        <Button
          variant="default"
          size="xs"
          loading={busy && pressed === ready.kind}
          disabled={busy && pressed !== ready.kind}
          onClick={() => begin(ready)}
        >
          Export {count(ready.count, 'bill', 'bills')}
        </Button>
      )}
    </div>
  );
}

function Nothing() {
  return (
    <div className="ready-first">
      <div>
        <h2 className="ready-label">Ready to export</h2>
        <p className="ready-sum">Nothing</p>
        <p className="ready-words">
          Invoices show here when they’re approved and nothing stands against them.
        </p>
      </div>
      <div className="ready-actions">
        <HrefLink href="/invoices?view=all" className="ready-see">
          See all invoices
        </HrefLink>
      </div>
    </div>
  );
}

const PATHS: Record<InvoiceKind, string> = { customer: '/invoices', supplier: '/bills' };
const NOUNS: Record<InvoiceKind, [string, string]> = {
  customer: ['customer invoice', 'customer invoices'],
  supplier: ['supplier invoice', 'supplier invoices'],
};
const SHORT_NOUNS: Record<InvoiceKind, [string, string]> = {
  customer: ['invoice', 'invoices'],
  supplier: ['bill', 'bills'],
};
