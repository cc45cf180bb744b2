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
