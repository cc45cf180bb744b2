import { parseDecimal, printDecimal } from './decimal';
import { addAmounts } from './money';

export type Amounts = 'exclusive' | 'inclusive' | 'no_tax';

/** What the amount of a line comes from: decimal strings; discount and rate in percent. */
export type Priced = { quantity: string; unit_price: string; discount_percent: string; tax_rate: string };

export type LineTotal = { line_amount: string; tax_amount: string };

export type Totals = { subtotal: string; tax_total: string; total: string };

const HUNDRED = 100n;

/** Half-up, which is away from zero: a credit of 0.125 is 0.13. */
function divideHalfUp(number: bigint, by: bigint): bigint {
  const isNegative = number < 0n !== by < 0n;
  const [n, d] = [number < 0n ? -number : number, by < 0n ? -by : by];
  const rounded = (2n * n + d) / (2n * d);
  return isNegative ? -rounded : rounded;
}

const inCents = (units: bigint) => printDecimal({ units, scale: 2 });

const tenTo = (scale: number) => 10n ** BigInt(scale);

/** The amount of a line after discount, and its tax: each rounded once, as the API and Xero round them. */
export function lineTotal(line: Priced, amounts: Amounts): LineTotal {
  const [quantity, price, discount, rate] = [
    line.quantity,
    line.unit_price,
    line.discount_percent,
    line.tax_rate,
  ].map(parseDecimal) as [Unit, Unit, Unit, Unit];
  const left = HUNDRED * tenTo(discount.scale) - discount.units;
  // A hundred for the percent, and a hundred for the cents, take each other away.
  const cents = divideHalfUp(
    quantity.units * price.units * left,
    tenTo(quantity.scale + price.scale + discount.scale),
  );
  return { line_amount: inCents(cents), tax_amount: inCents(taxOf(cents, rate, amounts)) };
}

type Unit = ReturnType<typeof parseDecimal>;

function taxOf(cents: bigint, rate: Unit, amounts: Amounts): bigint {
  if (amounts === 'no_tax') return 0n;
  const hundred = HUNDRED * tenTo(rate.scale);
  const base = amounts === 'inclusive' ? hundred + rate.units : hundred;
  return base === 0n ? 0n : divideHalfUp(cents * rate.units, base);
}

/** The lines added up. Tax is rounded on each line and then added, never computed from the total. */
export function invoiceTotals(lines: readonly LineTotal[], amounts: Amounts): Totals {
  const sum = addAmounts(['0.00', ...lines.map((line) => line.line_amount)]);
  const tax_total = addAmounts(['0.00', ...lines.map((line) => line.tax_amount)]);
  return amounts === 'inclusive'
    ? { subtotal: addAmounts([sum, negated(tax_total)]), tax_total, total: sum }
    : { subtotal: sum, tax_total, total: addAmounts([sum, tax_total]) };
}

const negated = (amount: string) => (amount.startsWith('-') ? amount.slice(1) : `-${amount}`);
