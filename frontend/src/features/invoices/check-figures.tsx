import { Progress } from '@mantine/core';
import type { ExportCheck } from '@/api/types';
import { useFormat } from '@/lib/locale';
import type { Amount } from '@/lib/money';
import { sumWords } from '@/lib/sum-words';
import './check-figures.css';

type CheckedInvoice = ExportCheck['invoices'][number];

/** What can go and what is held back, each with its sum: read out whenever a cure makes it more. */
export function CheckFigures({ check }: { check: ExportCheck }) {
  const format = useFormat();
  const { ready, needs_fix: held, new_contacts } = check;
  return (
    <div className="check-figures" aria-live="polite">
      {ready > 0 && (
        <Figure value={sumWords(check.ready_totals, format)} words={`${format.number(ready)} ready`} />
      )}
      {held > 0 && (
        <Figure
          value={sumWords(check.invoices.filter(hasCurrency), format)}
          words={`${format.number(held)} ${held === 1 ? 'needs' : 'need'} a fix`}
        />
      )}
      {new_contacts.length > 0 && (
        <Figure
          value={format.number(new_contacts.length)}
          words={`new ${new_contacts.length === 1 ? 'contact' : 'contacts'} in Xero`}
        />
      )}
      {ready > 0 && held > 0 && (
        <Progress.Root size={6} className="check-share" aria-hidden>
          <Progress.Section value={(ready / check.total) * 100} color="var(--bar-ok)" />
          <Progress.Section value={(held / check.total) * 100} color="var(--bar-warn)" />
        </Progress.Root>
      )}
    </div>
  );
}

function Figure({ value, words }: { value: string; words: string }) {
  return (
    <p className="check-figure">
      <strong>{value}</strong> <span>{words}</span>
    </p>
  );
}

/** What the invoices of one cause come to. */
export function sumOf(ids: readonly string[], { invoices }: ExportCheck): Amount[] {
  const meant = new Set(ids);
  return invoices.filter((one) => meant.has(one.invoice_id)).filter(hasCurrency);
}

/** An invoice that was deleted meanwhile has no amount. */
const hasCurrency = (one: CheckedInvoice): one is CheckedInvoice & Amount => one.currency !== null;
