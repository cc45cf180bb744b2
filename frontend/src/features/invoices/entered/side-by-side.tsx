import type { InvoiceSummary } from '@/api/types';
import { useFormat } from '@/lib/locale';
import type { LedgerDocument } from './documents';
import './side-by-side.css';

type Compared = Pick<InvoiceSummary, 'number' | 'issued_on' | 'total' | 'currency'>;

/** An invoice and the documents in Xero that look like it; what differs stands out. */
export function SideBySide({ invoice, documents }: { invoice: Compared; documents: LedgerDocument[] }) {
  const format = useFormat();
  const money = (total: string | null, currency: string | null) =>
    total === null ? '—' : format.money(total, currency ?? invoice.currency);
  return (
    <div className="side-by-side">
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">Number</th>
            <th scope="col">Date</th>
            <th scope="col" data-amount>
              Total
            </th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Here</th>
            <td>{invoice.number ?? '—'}</td>
            <td>{format.shortDay(invoice.issued_on)}</td>
            <td data-amount>{money(invoice.total, invoice.currency)}</td>
          </tr>
          {documents.map((document) => (
            <tr key={document.url ?? `${document.number} ${document.issued_on}`}>
              <th scope="row">{document.url ? <InXero url={document.url} /> : 'In Xero'}</th>
              <td data-differs={document.number !== invoice.number || undefined}>{document.number ?? '—'}</td>
              <td data-differs={document.issued_on !== invoice.issued_on || undefined}>
                {document.issued_on ? format.shortDay(document.issued_on) : '—'}
              </td>
              <td data-amount data-differs={document.total !== invoice.total || undefined}>
                {money(document.total, document.currency)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const InXero = ({ url }: { url: string }) => (
  <a className="text-link" href={url} target="_blank" rel="noopener noreferrer">
    In Xero
  </a>
);
