import type { components } from '@/api/schema.gen';
import { numberOf } from '@/lib/invoice-number';
import { count } from '@/lib/plural';
import { faultWords } from '@/lib/words';

export type SelectedResult = components['schemas']['SelectedResult'];

/** What was done with several invoices at once. */
export type Outcome = {
  done: readonly string[];
  /** Those whose approval a change took away. */
  withdrawn: readonly string[];
  refused: readonly { id: string; number: string; reason: string }[];
};

/** The outcome of one or more calls; an invoice that any of them refused counts as refused. */
export function outcomeOf(results: readonly SelectedResult[]): Outcome {
  const refused = new Map(
    results
      .filter(({ outcome }) => outcome === 'refused')
      .map((one) => [one.invoice_id, { id: one.invoice_id, number: numberOf(one), reason: reasonOf(one) }]),
  );
  const done = results.filter(({ invoice_id, outcome }) => outcome === 'done' && !refused.has(invoice_id));
  return {
    done: idsOf(done),
    withdrawn: idsOf(results.filter((one) => one.approval_withdrawn)),
    refused: [...refused.values()],
  };
}

const idsOf = (results: readonly SelectedResult[]) => [...new Set(results.map((one) => one.invoice_id))];

const reasonOf = ({ errors }: SelectedResult) =>
  errors.map((error) => faultWords(error, '', 'value', 'given')).join(' ');

/** "2 are drafts again, because their total changed. Approve them again." */
export const withdrawnWords = ({ withdrawn }: Outcome): string | null =>
  withdrawn.length === 0
    ? null
    : `${count(withdrawn.length, 'is a draft', 'are drafts')} again, because the total changed. Approve again what is right.`;
