import type { InvoiceKind, InvoiceSummary } from '@/api/types';
import { numberOf } from '@/lib/invoice-number';
import type { Column } from '@/ui/index/columns';
import { InvoiceMark, ShortMark } from './invoice-mark';
import { WORDS } from './words';

const columnsOf = (kind: InvoiceKind): readonly Column<InvoiceSummary>[] => [
  {
    id: 'number',
    head: WORDS[kind].number,
    width: '92px',
    phone: 'number',
    sort: 'number',
    opens: true,
    cell: numberOf,
  },
  {
    id: 'contact',
    head: WORDS[kind].party,
    phone: 'title',
    cell: (invoice) => invoice.contact_name,
  },
  {
    id: 'job',
    head: 'Job',
    width: '204px',
    beside: false,
    phone: 'text',
    cell: ({ job_number, job_description }) =>
      job_number && (
        <>
          <span className="soft">{job_number}</span> {job_description}
        </>
      ),
  },
  {
    id: 'issued_on',
    head: 'Date',
    width: '78px',
    phone: 'date',
    sort: 'issued_on',
    cell: ({ issued_on }, format) => <span title={format.day(issued_on)}>{format.shortDay(issued_on)}</span>,
  },
  {
    id: 'due_on',
    head: 'Due',
    width: '78px',
    beside: false,
    phone: 'none',
    cell: ({ due_on }, format) =>
      due_on ? (
        <span title={format.day(due_on)}>{format.shortDay(due_on)}</span>
      ) : (
        <span className="invoice-no-due" title="No due date">
          —
        </span>
      ),
  },
  {
    id: 'total',
    head: 'Total',
    width: '118px',
    phone: 'value',
    sort: 'total',
    isAmount: true,
    cell: ({ total, currency }, format) => format.money(total, currency),
  },
  {
    id: 'xero',
    head: 'Xero',
    width: '262px',
    beside: false,
    phone: 'state',
    cell: (invoice) => <InvoiceMark invoice={invoice} />,
  },
];

const short: Column<InvoiceSummary> = {
  id: 'xero-short',
  head: 'Xero',
  width: '150px',
  phone: 'state',
  cell: (invoice) => <ShortMark invoice={invoice} />,
};

const COLUMNS = { customer: columnsOf('customer'), supplier: columnsOf('supplier') };

/** The columns of a list of invoices; beside an open panel the last one keeps to a word. */
export const invoiceColumns = (kind: InvoiceKind, beside: boolean) => (beside ? BESIDE[kind] : COLUMNS[kind]);

const BESIDE = { customer: [...COLUMNS.customer, short], supplier: [...COLUMNS.supplier, short] };
