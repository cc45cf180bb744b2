import { createContext, type ReactNode, use, useMemo } from 'react';
import { formatDay, formatInstant, formatTime } from './dates';
import { formatMoney } from './money';

type Locale = { locale: string; timeZone: string };

const LocaleContext = createContext<Locale>({ locale: 'en-NZ', timeZone: 'Pacific/Auckland' });

export function LocaleProvider({ locale, timeZone, children }: Locale & { children: ReactNode }) {
  const value = useMemo(() => ({ locale, timeZone }), [locale, timeZone]);
  return <LocaleContext value={value}>{children}</LocaleContext>;
}

/** Formatters in the business's language and time zone. */
export function useFormat() {
  const { locale, timeZone } = use(LocaleContext);
  return useMemo(
    () => ({
      money: (amount: string, currency: string) => formatMoney(amount, currency, locale),
      day: (day: string) => formatDay(day, locale),
      instant: (instant: string) => formatInstant(instant, locale, timeZone),
      time: (instant: string) => formatTime(instant, locale, timeZone),
      number: (n: number) => new Intl.NumberFormat(locale).format(n),
      timeZone,
    }),
    [locale, timeZone],
  );
}
