import type { InvoiceKind, InvoiceSummary } from '@/api/types';
import { numberOf } from '@/lib/invoice-number';
import type { Column } from '@/ui/index/columns';
import { InvoiceMark, ShortMark } from './invoice-mark';
import { DATE_COLUMN, TOTAL_COLUMN } from './shared-columns';
import { WORDS } from './words';

const columnsOf = (kind: InvoiceKind): readonly Column<InvoiceSummary>[] => [
  {
    id: 'number',
    head: WORDS[kind].number,
    width: '92px',
    narrow: '86px',
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
    width: '18%',
    only: 'wide',
    phone: 'text',
    cell: ({ job_number, job_description }) =>
      job_number && (
        <span className="invoice-job" title={[job_number, job_description].filter(Boolean).join(' ')}>
          <span className="invoice-job-number soft">{job_number}</span>
          <span className="invoice-job-description">{job_description}</span>
        </span>
      ),
  },
  DATE_COLUMN,
  {
    id: 'due_on',
    head: 'Due',
    width: '78px',
    only: 'wide',
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
  TOTAL_COLUMN,
  {
    id: 'xero',
    head: 'Xero',
    width: '23%',
    only: 'wide',
    phone: 'state',
    cell: (invoice) => <InvoiceMark invoice={invoice} />,
  },
  {
    id: 'xero-short',
    head: 'Xero',
    only: 'narrow',
    width: '124px',
    phone: 'none',
    cell: (invoice) => <ShortMark invoice={invoice} narrow />,
  },
];

/** The columns of both lists; a narrow list keeps to a word about Xero. */
export const INVOICE_COLUMNS = { customer: columnsOf('customer'), supplier: columnsOf('supplier') };
