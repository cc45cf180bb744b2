import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { codesQuery, costCentersQuery, taxRatesQuery } from '@/api/ledger';
import { preferencesQuery } from '@/api/shared';
import type { Invoice } from '@/api/types';
import { type Format, useFormat } from '@/lib/locale';
import { Facts } from './facts';
import { GoesTo } from './goes-to';
import { type WrongCell, wrongCellsOf } from './wrong-cells';

/** What the invoice says itself; without it, the preferences count. */
const MARKED: Record<string, string | null> = { true: 'Yes', false: 'No', null: null };

/** Dates, lines and totals of one invoice; and which contact of Xero it goes to. */
export function InvoiceFacts({ invoice }: { invoice: Invoice }) {
  const format = useFormat();
  const job = [invoice.job_number, invoice.job_description].filter(Boolean).join(' ');
  const facts: [string, ReactNode][] = [
    ['Job', job],
    ['Date', format.day(invoice.issued_on)],
    ['Due', invoice.due_on && format.day(invoice.due_on)],
    ['Reference', invoice.reference],
    ['Mark as sent', MARKED[`${invoice.mark_as_sent}`]],
    ['In Xero', <GoesTo key="goes to" invoice={invoice} />],
  ];
  return (
    <>
      <Facts facts={facts} />
      <section>
        <div className="invoice-lines-head">
          <span>Line</span>
          <span>{invoice.amounts === 'inclusive' ? 'With GST' : 'Before GST'}</span>
        </div>
        <InvoiceLines invoice={invoice} />
      </section>
      <InvoiceTotals invoice={invoice} />
    </>
  );
}

function InvoiceLines({ invoice }: { invoice: Invoice }) {
  const format = useFormat();
  const detailOf = useLineDetail(invoice, format);
  return (
    <ol className="invoice-lines">
      {invoice.lines.map((line, index) => {
        const isText = line.unit_price === null;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line has no name but its place
          <li key={index}>
            <span>
              {line.description}
              {!isText && <span className="invoice-line-detail">{detailOf(line, index)}</span>}
            </span>
            <span className="tnum nowrap">
              {isText ? (
                <span className="invoice-line-detail">text only</span>
              ) : (
                format.money(line.line_amount, invoice.currency)
              )}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

type Line = Invoice['lines'][number];

/** The second line of a line: how much of it, its code and its cost centre, with what is wrong of them in amber. */
function useLineDetail(invoice: Invoice, format: Format) {
  const isSale = invoice.kind === 'customer';
  const codes = useQuery(codesQuery(isSale ? 'income' : 'expense')).data ?? [];
  const centers = useQuery(costCentersQuery).data ?? [];
  const rates = useQuery(taxRatesQuery).data ?? [];
  const preferences = useQuery(preferencesQuery).data?.value;
  const wrong = wrongCellsOf(invoice);
  const defaultCode = preferences?.[isSale ? 'default_income_code' : 'default_expense_code'];
  return (line: Line, place: number) => {
    const cells = wrong.get(place);
    const code = line.accounting_code ?? defaultCode;
    const name = codes.find((one) => one.code === code)?.name;
    const center = centers.find(({ id }) => id === line.cost_center_id)?.name;
    const parts: [WrongCell | null, string | false | null | undefined][] = [
      [
        null,
        `${format.decimal(line.quantity ?? '0')} × ${format.price(line.unit_price ?? '0', invoice.currency)}`,
      ],
      [null, Number(line.discount_percent) > 0 && `${format.decimal(line.discount_percent)}% off`],
      [
        'accounting_code',
        [code, name].filter(Boolean).join(' ') || (cells?.has('accounting_code') && 'No code'),
      ],
      [
        'tax_type',
        cells?.has('tax_type') &&
          (rates.find(({ tax_type }) => tax_type === line.tax_type)?.name ?? line.tax_type ?? 'No tax rate'),
      ],
      ['cost_center_id', center ?? (cells?.has('cost_center_id') && 'No cost centre')],
      ['item_code', line.item_code && `item ${line.item_code}`],
    ];
    return parts
      .filter(([, words]) => words)
      .map(([cell, words], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts never move
        <span key={index}>
          {index > 0 && ' · '}
          <span data-wrong={(cell && cells?.has(cell)) || undefined}>{words}</span>
        </span>
      ));
  };
}

/** Subtotal, tax and total. */
export function InvoiceTotals({
  invoice,
}: {
  invoice: Pick<Invoice, 'subtotal' | 'tax_total' | 'total' | 'currency'>;
}) {
  const format = useFormat();
  const { currency } = invoice;
  return (
    <dl className="invoice-totals tnum">
      <div>
        <dt>Subtotal</dt>
        <dd>{format.money(invoice.subtotal, currency)}</dd>
      </div>
      <div>
        <dt>GST</dt>
        <dd>{format.money(invoice.tax_total, currency)}</dd>
      </div>
      <div>
        <dt>Total {currency}</dt>
        <dd>{format.money(invoice.total, currency)}</dd>
      </div>
    </dl>
  );
}
