/** "20 Nov 2026" for a plain date. It belongs to no time zone, so the reader's zone never shifts it. */
export function formatDay(day: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return format.format(new Date(`${day}T00:00:00Z`));
}

/** "20 Nov 2026, 9:42 am" for an instant, in the business's zone. */
export function formatInstant(instant: string, locale: string, timeZone: string): string {
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone });
  return `${day.format(new Date(instant))}, ${formatTime(instant, locale, timeZone)}`;
}

/** "9:42 am" for an instant, in the business's zone. */
export function formatTime(instant: string, locale: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat(locale, {
    hour: 'numeric',
    minute: '2-digit',
    hour12: true,
    timeZone,
  });
  return format.format(new Date(instant)).replace('AM', 'am').replace('PM', 'pm');
}

/** The plain date an instant falls on in a zone, as "2026-11-20". */
export function dayIn(instant: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    timeZone,
  });
  return format.format(instant);
}

/** "2 min ago", "3 hr ago", "5 days ago"; below a minute "just now". */
export function formatAgo(instant: string, now: number, locale: string): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(instant)) / 60_000));
  if (minutes < 1) return 'just now';
  const format = new Intl.RelativeTimeFormat(locale, { style: 'short' });
  if (minutes < 60) return format.format(-minutes, 'minute');
  if (minutes < 1440) return format.format(-Math.floor(minutes / 60), 'hour');
  return format.format(-Math.floor(minutes / 1440), 'day');
}

/** "20 Nov" for a plain date of this year, "20 Nov 2025" for another: how lists write it. */
export function formatShortDay(day: string, locale: string, today: string): string {
  if (day.slice(0, 4) !== today.slice(0, 4)) return formatDay(day, locale);
  const format = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return format.format(new Date(`${day}T00:00:00Z`));
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** A typed date as "2026-11-20": "20 Nov 2026", "20 nov", "20/11/26", "20.11.2026", "2026-11-20". Days come first. */
export function parseDay(typed: string, today: string): string | null {
  const text = typed.trim().toLowerCase();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (iso) return dayOf(iso[1], Number(iso[2]), iso[3]);
  const numbers = /^(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{4}|\d{2}))?$/.exec(text);
  if (numbers) return dayOf(numbers[3] ?? today.slice(0, 4), Number(numbers[2]), numbers[1]);
  const named = /^(\d{1,2}) ?([a-z]{3})[a-z]*\.? ?(\d{4}|\d{2})?$/.exec(text);
  if (!named) return null;
  return dayOf(named[3] ?? today.slice(0, 4), MONTHS.indexOf(named[2] ?? '') + 1, named[1]);
}

/** Whether a date field's value is a day, and not a text that it could not read. */
export const isDay = (value: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(value);

export const WRITE_A_DATE = 'Write a date like 20 Dec 2026.';

function dayOf(year = '', month: number, day = ''): string | null {
  const text = `${year.padStart(4, '20')}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${text}T00:00:00Z`);
  // 31 June would become 1 July.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : null;
}

/** The 20th of the month after a day: when trades in New Zealand are usually paid. */
export function twentiethAfter(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 20)).toISOString().slice(0, 10);
}

/** "1–26 Nov 2026" for two plain dates. */
export function formatRange(from: string, to: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return format.formatRange(new Date(`${from}T00:00:00Z`), new Date(`${to}T00:00:00Z`));
}

/** "Thursday 26 November 2026" for a plain date. */
export function formatWholeDay(day: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return format.format(new Date(`${day}T00:00:00Z`)).replace(',', '');
}

/** "Today, 9:42 am", "Yesterday, 4:15 pm", "23 Nov, 8:58 am": an instant near to now, in the business's zone. */
export function formatNear(instant: string, now: Date, locale: string, timeZone: string): string {
  const [day, today] = [dayIn(new Date(instant), timeZone), dayIn(now, timeZone)];
  const daysAgo = (Date.parse(today) - Date.parse(day)) / 86_400_000;
  const words = daysAgo === 0 ? 'Today' : daysAgo === 1 ? 'Yesterday' : formatShortDay(day, locale, today);
  return `${words}, ${formatTime(instant, locale, timeZone)}`;
}
