import { useQuery } from '@tanstack/react-query';
import { codesQuery, taxRatesQuery } from '@/api/ledger';
import { preferencesQuery } from '@/api/shared';
import type { Invoice, TaxRate } from '@/api/types';
import type { CurePlace } from './cures';

/**
 * The tax rates that the account of the wrong lines can have, without the rate that they have now: that one was refused.
 * `null` for a cure that is no tax rate, and until everything is loaded.
 */
export function useFittingRates(
  { field, lines: [place = 0] }: CurePlace,
  invoice: Invoice | undefined,
): readonly TaxRate[] | null {
  const enabled = field === 'tax_type';
  const rates = useQuery({ ...taxRatesQuery, enabled }).data;
  const income = useQuery({ ...codesQuery('income'), enabled }).data;
  const expense = useQuery({ ...codesQuery('expense'), enabled }).data;
  const preferences = useQuery({ ...preferencesQuery, enabled }).data?.value;
  if (!enabled || !invoice || !rates || !income || !expense || !preferences) return null;
  const isSale = invoice.kind === 'customer';
  const line = invoice.lines[place];
  const code = line?.accounting_code ?? preferences[isSale ? 'default_income_code' : 'default_expense_code'];
  const account = [...income, ...expense].find((one) => one.code === code);
  // Xero takes the rate of the account for a line without one.
  const refused = line?.tax_type ?? account?.tax_type;
  const isIncome = account ? account.kind === 'income' : isSale;
  return rates.filter(
    (rate) => rate.active && rate.tax_type !== refused && (isIncome ? rate.for_income : rate.for_expense),
  );
}

/** The chosen value of a cure, unless it is a tax rate that was refused since and is no longer offered. */
export const stillOffered = (chosen: string | null, rates: readonly TaxRate[] | null): string | null =>
  rates && !rates.some((rate) => rate.tax_type === chosen) ? null : chosen;
