import type { InvoiceFilter, InvoiceSummary, ResourceProblem } from '@/api/types';

export const LOOKS_ENTERED = 'looks_entered_already';

export type LedgerDocument = NonNullable<ResourceProblem['choices'][number]['document']>;

/** The invoices of a kind, or of both, that somebody else seems to have entered in Xero. */
export const enteredFilter = (kind?: InvoiceSummary['kind']): InvoiceFilter => ({
  problem: LOOKS_ENTERED,
  ...(kind ? { kind } : {}),
});

/** The documents in Xero that an invoice is asked about. */
export const documentsOf = ({ problems }: Pick<InvoiceSummary, 'problems'>): LedgerDocument[] =>
  problems
    .filter(({ code }) => code === LOOKS_ENTERED)
    .flatMap(({ choices }) => choices.flatMap(({ document }) => document ?? []));

type Asked = Pick<InvoiceSummary, 'problems' | 'total'>;

/** Why an invoice is not linked together with others; `null` when it is certain enough. */
export function whyAlone(invoice: Asked): string | null {
  const documents = documentsOf(invoice);
  if (documents.length === 0) return 'This has been answered';
  if (documents.length > 1) return 'Several documents look like it: open it and choose';
  return documents[0]?.total === invoice.total ? null : 'The amounts differ: open it and compare';
}
