import type { components } from '@/api/schema.gen';
import type { AccountingCode, Invoice, Preferences } from '@/api/types';
import { linesWith } from '@/features/invoices/cures';
import { DECIMAL_SHAPE } from '@/lib/decimal';
import { type Amounts, invoiceTotals, type LineTotal, lineTotal, type Totals } from '@/lib/line-totals';

export type Change = components['schemas']['InvoiceChange'];
type LineIn = components['schemas']['LineIn'];
type TaxRate = components['schemas']['TaxRateOut'];

/**
 * A line as it is edited. An amount is "" while nothing is written, and the text as typed while it cannot be read;
 * `isText` has no amount at all.
 */
export type DraftLine = {
  key: string;
  isText: boolean;
  description: string;
  quantity: string;
  unit_price: string;
  discount_percent: string;
  accounting_code: string | null;
  tax_type: string | null;
  cost_center_id: string | null;
  item_code: string | null;
};

/** What is changed of an invoice. A date is the text as typed while it cannot be read. */
export type Draft = {
  issued_on: string;
  due_on: string | null;
  reference: string;
  amounts: Amounts;
  lines: DraftLine[];
};

let made = 0;
const nextKey = () => {
  made += 1;
  return `line-${made}`;
};

/** "40.0000" as it is written: "40.00"; what is finer than a cent stays. */
const written = (amount: string) => amount.replace(/(\.\d{2}\d*?)0+$/, '$1');

export const emptyLine = (isText: boolean, like?: DraftLine): DraftLine => ({
  key: nextKey(),
  isText,
  description: '',
  quantity: isText ? '' : '1.00',
  unit_price: '',
  discount_percent: '0.00',
  accounting_code: isText ? null : (like?.accounting_code ?? null),
  tax_type: isText ? null : (like?.tax_type ?? null),
  cost_center_id: isText ? null : (like?.cost_center_id ?? null),
  item_code: null,
});

export const draftOf = (invoice: Invoice): Draft => ({
  issued_on: invoice.issued_on,
  due_on: invoice.due_on,
  reference: invoice.reference ?? '',
  amounts: invoice.amounts,
  lines: linesWith(invoice, () => ({})).map((line) => ({
    key: nextKey(),
    isText: line.unit_price === null,
    description: line.description,
    quantity: written(line.quantity ?? ''),
    unit_price: written(line.unit_price ?? ''),
    discount_percent: line.discount_percent ?? '0.00',
    accounting_code: line.accounting_code ?? null,
    tax_type: line.tax_type ?? null,
    cost_center_id: line.cost_center_id ?? null,
    item_code: line.item_code ?? null,
  })),
});

/** The line as the API takes it, if nothing in it is wrong. */
export function lineIn({ key: _, isText, ...line }: DraftLine): LineIn {
  return isText ? { description: line.description } : line;
}

/** Only what differs: lines that are not sent keep the tax rates that they have. */
export function changeOf(before: Draft, now: Draft): Change {
  const lines = now.lines.map(lineIn);
  const hasOtherLines = JSON.stringify(lines) !== JSON.stringify(before.lines.map(lineIn));
  return {
    ...(now.issued_on !== before.issued_on && { issued_on: now.issued_on }),
    ...(now.due_on !== before.due_on && { due_on: now.due_on }),
    ...(now.reference !== before.reference && { reference: now.reference.trim() || null }),
    ...(now.amounts !== before.amounts && { amounts: now.amounts }),
    ...(hasOtherLines && { lines }),
  };
}

/** The changes of one draft on top of another; what was not changed is as it is there. */
export function changedAs(before: Draft, now: Draft, other: Draft): Draft {
  const changed = Object.keys(changeOf(before, now)) as (keyof Draft)[];
  return { ...other, ...Object.fromEntries(changed.map((name) => [name, now[name]])) };
}

/** What the tax of a line depends on. */
export type Taxes = {
  rates: readonly TaxRate[];
  codes: readonly AccountingCode[];
  preferences: Preferences | undefined;
  kind: Invoice['kind'];
};

/** The tax type that a line has, or takes from its code or the preferences. */
export function taxTypeOf(line: DraftLine, { codes, preferences, kind }: Taxes): string | null {
  const ofCode = codes.find(({ code }) => code === line.accounting_code)?.tax_type;
  const preferred =
    kind === 'customer' ? preferences?.default_sales_tax_type : preferences?.default_purchase_tax_type;
  return line.tax_type ?? ofCode ?? preferred ?? null;
}

const NOTHING: LineTotal = { line_amount: '0.00', tax_amount: '0.00' };

export function totalOf(line: DraftLine, amounts: Amounts, taxes: Taxes): LineTotal {
  const { quantity, unit_price, discount_percent } = line;
  const isReadable = [quantity, unit_price, discount_percent].every((amount) => DECIMAL_SHAPE.test(amount));
  if (line.isText || !isReadable) return NOTHING;
  const taxType = taxTypeOf(line, taxes);
  const rate = taxes.rates.find(({ tax_type, active }) => active && tax_type === taxType)?.rate ?? '0';
  return lineTotal({ quantity, unit_price, discount_percent, tax_rate: rate }, amounts);
}

export const totalsOf = ({ lines, amounts }: Draft, taxes: Taxes): Totals =>
  invoiceTotals(
    lines.map((line) => totalOf(line, amounts, taxes)),
    amounts,
  );
