import type { Invoice } from '@/api/types';
import { type Format, useFormat } from '@/lib/locale';

/** What the invoice says itself; without it, the preferences count. */
const MARKED: Record<string, string | null> = { true: 'Yes', false: 'No', null: null };

/** Dates, lines and totals of one invoice. */
export function InvoiceFacts({ invoice }: { invoice: Invoice }) {
  const format = useFormat();
  const job = [invoice.job_number, invoice.job_description].filter(Boolean).join(' ');
  const facts = [
    ['Job', job],
    ['Date', format.day(invoice.issued_on)],
    ['Due', invoice.due_on && format.day(invoice.due_on)],
    ['Reference', invoice.reference],
    ['Mark as sent', MARKED[`${invoice.mark_as_sent}`]],
  ].filter(([, value]) => value);
  return (
    <>
      <dl className="invoice-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <section>
        <div className="invoice-lines-head">
          <span>Line</span>
          <span>{invoice.amounts === 'inclusive' ? 'With GST' : 'Before GST'}</span>
        </div>
        <ol className="invoice-lines">
          {invoice.lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line has no name but its place
            <li key={index}>
              <span>
                {line.description}
                <span className="invoice-line-detail">{lineDetail(line, invoice.currency, format)}</span>
              </span>
              <span className="tnum nowrap">{format.money(line.line_amount, invoice.currency)}</span>
            </li>
          ))}
        </ol>
      </section>
      <dl className="invoice-totals tnum">
        <div>
          <dt>Subtotal</dt>
          <dd>{format.money(invoice.subtotal, invoice.currency)}</dd>
        </div>
        <div>
          <dt>GST</dt>
          <dd>{format.money(invoice.tax_total, invoice.currency)}</dd>
        </div>
        <div>
          <dt>Total {invoice.currency}</dt>
          <dd>{format.money(invoice.total, invoice.currency)}</dd>
        </div>
      </dl>
    </>
  );
}

function lineDetail(line: Invoice['lines'][number], currency: string, format: Format): string {
  if (line.quantity === null || line.unit_price === null) return '';
  return [
    `${format.decimal(line.quantity)} × ${format.price(line.unit_price, currency)}`,
    line.discount_percent &&
      Number(line.discount_percent) > 0 &&
      `${format.decimal(line.discount_percent)}% off`,
    line.accounting_code && `code ${line.accounting_code}`,
    line.item_code && `item ${line.item_code}`,
  ]
    .filter(Boolean)
    .join(' · ');
}
