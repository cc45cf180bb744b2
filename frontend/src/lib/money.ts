import { DECIMAL_SHAPE, parseDecimal, printDecimal } from './decimal';

/** Exact sum of decimal strings, in the finest scale among them. */
export function addAmounts(amounts: readonly string[]): string {
  const parsed = amounts.map(parseDecimal);
  const scale = Math.max(0, ...parsed.map((one) => one.scale));
  const units = parsed.reduce((sum, one) => sum + one.units * 10n ** BigInt(scale - one.scale), 0n);
  return printDecimal({ units, scale });
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

/** The signs that a locale writes between thousands and before the cents. */
function signsOf(locale: string): { group: string; decimal: string } {
  const parts = new Intl.NumberFormat(locale).formatToParts(1234567.8);
  const sign = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return { group: sign('group'), decimal: sign('decimal') };
}

const escaped = (sign: string) => sign.replace(/[.\s]/, '\\$&');

/**
 * A typed amount as a decimal string: "$1,234.5" is "1234.50". `null` for what is not an amount of so many places.
 * Thousands come in groups of three: "85,00" may be meant as 85 or as 8500, so it is neither.
 */
export function parseAmount(typed: string, locale: string, places = 2): string | null {
  const { group, decimal } = signsOf(locale);
  const plain = typed
    .trim()
    .replace('−', '-')
    .replace(/^(-?)\s*[$€£]\s*/, '$1');
  const shape = new RegExp(
    `^(-?)(\\d*|\\d{1,3}(?:[${escaped(group)}\\s]\\d{3})+)(?:${escaped(decimal)}(\\d+))?$`,
  );
  const match = shape.exec(plain);
  if (!match) return null;
  const [, sign = '', whole = '', fraction = ''] = match;
  if (whole + fraction === '' || fraction.length > places) return null;
  const digits = whole.replace(/\D/g, '').replace(/^0+(?=\d)/, '') || '0';
  return `${sign}${digits}.${fraction.padEnd(Math.min(places, 2), '0')}`;
}

/** What is wrong with the value of an amount's field, which is a decimal string or a text that could not be read. */
export function amountFault(value: string, places: number): string | null {
  const match = DECIMAL_SHAPE.exec(value);
  if (!match) return 'Write a number like 85.00.';
  return (match[3]?.length ?? 0) > places ? `Use at most ${places} decimals.` : null;
}

/** A decimal string as a field shows it: "1,234.50", with all the places it has. */
export function formatAmount(amount: string, locale: string): string {
  const places = Math.max(2, /\.(\d+)$/.exec(amount)?.[1]?.length ?? 0);
  const format = new Intl.NumberFormat(locale, {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  });
  return format.format(amount as Intl.StringNumericLiteral);
}
