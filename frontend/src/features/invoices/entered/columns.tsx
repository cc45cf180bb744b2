import type { InvoiceSummary } from '@/api/types';
import { DATE_COLUMN, TOTAL_COLUMN } from '@/features/invoices/shared-columns';
import { numberOf } from '@/lib/invoice-number';
import type { Format } from '@/lib/locale';
import type { Column } from '@/ui/index/columns';
import { documentsOf } from './documents';

/** Ours first, then what Xero has; what differs is in bold. */
export const ENTERED_COLUMNS: readonly Column<InvoiceSummary>[] = [
  {
    id: 'number',
    head: 'Number',
    width: '104px',
    phone: 'number',
    sort: 'number',
    opens: true,
    cell: numberOf,
  },
  { id: 'contact', head: 'Contact', phone: 'title', cell: (invoice) => invoice.contact_name },
  DATE_COLUMN,
  TOTAL_COLUMN,
  {
    id: 'xero',
    head: 'In Xero',
    width: '34%',
    phone: 'state',
    cell: (invoice, format) => <InXero invoice={invoice} format={format} />,
  },
];

function InXero({ invoice, format }: { invoice: InvoiceSummary; format: Format }) {
  const documents = documentsOf(invoice);
  const [first] = documents;
  if (!first) return null;
  if (documents.length > 1) return <span className="soft">{documents.length} documents look like it</span>;
  const differs = (isEqual: boolean) => (isEqual ? undefined : 'entered-differs');
  return (
    <span className="entered-document">
      <span className="only-phone soft">In Xero </span>
      <span className={differs(first.number === invoice.number)}>{first.number ?? 'No number'}</span>
      {first.issued_on && (
        <span className={differs(first.issued_on === invoice.issued_on)}>
          {format.shortDay(first.issued_on)}
        </span>
      )}
      {first.total && (
        <span className={`tnum ${differs(first.total === invoice.total) ?? ''}`}>
          {format.money(first.total, first.currency ?? invoice.currency)}
        </span>
      )}
    </span>
  );
}
