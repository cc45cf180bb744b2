import type { InvoiceSummary } from '@/api/types';
import type { Column } from '@/ui/index/columns';

/** When it was issued. */
export const DATE_COLUMN: Column<InvoiceSummary> = {
  id: 'issued_on',
  head: 'Date',
  width: '78px',
  phone: 'date',
  sort: 'issued_on',
  cell: ({ issued_on }, format) => <span title={format.day(issued_on)}>{format.shortDay(issued_on)}</span>,
};

/** What it comes to, with tax. */
export const TOTAL_COLUMN: Column<InvoiceSummary> = {
  id: 'total',
  head: 'Total',
  width: '118px',
  narrow: '106px',
  phone: 'value',
  sort: 'total',
  isAmount: true,
  cell: ({ total, currency }, format) => format.money(total, currency),
};
