import type { InvoiceSummary } from '@/api/types';
import { type InvoiceState, invoiceState } from '@/ui/states';

const ON_ITS_WAY = 'This invoice is on its way to Xero';
const IN_XERO = 'This invoice is in Xero already';

const WHY_NOT: Partial<Record<InvoiceState, string>> = {
  draft: 'Approve this invoice first',
  queued: ON_ITS_WAY,
  sending: ON_ITS_WAY,
  checking: ON_ITS_WAY,
  needs_answer: 'Say first whether this invoice is in Xero',
  exported: IN_XERO,
  changed: IN_XERO,
  voided: 'This invoice was voided in Xero',
  excluded: 'This invoice is left out on purpose',
} satisfies Partial<Record<InvoiceState, string>>;

const IN_LEDGER: ReadonlySet<InvoiceSummary['export_state']> = new Set(['exported', 'changed', 'voided']);

/** Whether Xero has it, or had it. */
export const isInXero = ({ export_state }: Pick<InvoiceSummary, 'export_state'>) =>
  IN_LEDGER.has(export_state);

const MOVING: ReadonlySet<InvoiceSummary['export_state']> = new Set(['queued', 'sending', 'checking']);

/** Whether it is being exported: then nothing of it can be changed. */
export const isOnItsWay = ({ export_state }: Pick<InvoiceSummary, 'export_state'>) =>
  MOVING.has(export_state);

type Tickable = Pick<InvoiceSummary, 'status' | 'export_state' | 'problems'>;

/** Why an invoice cannot be exported; `null` when it can. */
export const whyNotExportable = (invoice: Tickable): string | null => WHY_NOT[invoiceState(invoice)] ?? null;

/** Why an invoice cannot be ticked; `null` when it can. A draft can: it is approved from there. */
export const whyNotTickable = (invoice: Tickable): string | null =>
  invoiceState(invoice) === 'draft' ? null : whyNotExportable(invoice);

/** What the tray shows of a ticked invoice, also when the list does not show it any more. */
export type TickedInvoice = Pick<
  InvoiceSummary,
  'id' | 'number' | 'contact_name' | 'currency' | 'total' | 'status' | 'export_state' | 'problems'
>;

export const tickedInvoice = (invoice: InvoiceSummary): TickedInvoice => ({
  id: invoice.id,
  number: invoice.number,
  contact_name: invoice.contact_name,
  currency: invoice.currency,
  total: invoice.total,
  status: invoice.status,
  export_state: invoice.export_state,
  problems: invoice.problems.slice(0, 1),
});
