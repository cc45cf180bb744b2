/** A decimal as an integer and a scale: "12.30" is 1230 at scale 2. No floating point comes near an amount. */
type Decimal = { units: bigint; scale: number };

const SHAPE = /^(-?)(\d+)(?:\.(\d+))?$/;

function parse(amount: string): Decimal {
  const match = SHAPE.exec(amount);
  if (!match) throw new RangeError(`Not a decimal amount: ${amount}`);
  const [, sign = '', whole = '0', fraction = ''] = match;
  return { units: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length };
}

function print({ units, scale }: Decimal): string {
  if (scale === 0) return units.toString();
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Exact sum of decimal strings, in the finest scale among them. */
export function addAmounts(amounts: readonly string[]): string {
  const parsed = amounts.map(parse);
  const scale = Math.max(0, ...parsed.map((one) => one.scale));
  const units = parsed.reduce((sum, one) => sum + one.units * 10n ** BigInt(scale - one.scale), 0n);
  return print({ units, scale });
}

export type Amount = { currency: string; total: string };

/** One exact sum per currency, in the order the currencies first appear. */
export function sumByCurrency(amounts: readonly Amount[]): Amount[] {
  const perCurrency = new Map<string, string[]>();
  for (const { currency, total } of amounts) {
    perCurrency.set(currency, [...(perCurrency.get(currency) ?? []), total]);
  }
  return [...perCurrency].map(([currency, totals]) => ({ currency, total: addAmounts(totals) }));
}

/** "$1,425.42" for the business's own currency style; the decimal string is formatted as it is, never as a float. */
export function formatMoney(amount: string, currency: string, locale: string, mostPlaces = 2): string {
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    maximumFractionDigits: mostPlaces,
  });
  return format.format(amount as Intl.StringNumericLiteral);
}

/** A quantity or a percentage without the zeros that say nothing: "3.5000" is "3.5". */
export function formatDecimal(amount: string, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 4 }).format(
    amount as Intl.StringNumericLiteral,
  );
}
