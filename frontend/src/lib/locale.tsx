import { createContext, type ReactNode, use, useMemo } from 'react';
import {
  dayIn,
  formatAgo,
  formatDay,
  formatInstant,
  formatNear,
  formatRange,
  formatShortDay,
  formatTime,
  formatWholeDay,
} from './dates';
import { formatDecimal, formatMoney } from './money';

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
      /** A price of one unit, which may have up to four places. */
      price: (amount: string, currency: string) => formatMoney(amount, currency, locale, 4),
      decimal: (amount: string) => formatDecimal(amount, locale),
      day: (day: string) => formatDay(day, locale),
      /** The day in a list: without the year when it is this year's. */
      shortDay: (day: string) => formatShortDay(day, locale, dayIn(new Date(), timeZone)),
      wholeDay: (day: string) => formatWholeDay(day, locale),
      /** An instant with "Today" or "Yesterday" where that is the day. */
      near: (instant: string) => formatNear(instant, new Date(), locale, timeZone),
      range: (from: string, to: string) => formatRange(from, to, locale),
      /** Today's date in the business's zone. */
      today: () => dayIn(new Date(), timeZone),
      ago: (instant: string, now: number) => formatAgo(instant, now, locale),
      instant: (instant: string) => formatInstant(instant, locale, timeZone),
      time: (instant: string) => formatTime(instant, locale, timeZone),
      number: (n: number) => new Intl.NumberFormat(locale).format(n),
      locale,
      timeZone,
    }),
    [locale, timeZone],
  );
}

export type Format = ReturnType<typeof useFormat>;
