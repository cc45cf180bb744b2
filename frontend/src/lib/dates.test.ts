import { describe, expect, test } from 'vitest';
import { dayIn, formatDay, formatInstant } from './dates';

describe('dates', () => {
  test('of documents are the day that was written, wherever they are read', () => {
    expect(formatDay('2026-11-20', 'en-NZ')).toBe('20 Nov 2026');
    expect(formatDay('2026-01-01', 'en-AU')).toBe('1 Jan 2026');
  });

  test('of instants are shown in the zone of the business, on both sides of the change to daylight saving', () => {
    const zone = 'Pacific/Auckland';

    expect(formatInstant('2026-09-26T13:30:00Z', 'en-NZ', zone)).toBe('27 Sept 2026, 1:30 am');
    expect(formatInstant('2026-09-26T14:30:00Z', 'en-NZ', zone)).toBe('27 Sept 2026, 3:30 am');
  });

  test('of an instant depend on the zone', () => {
    const instant = new Date('2026-11-22T12:30:00Z');

    expect(dayIn(instant, 'Pacific/Auckland')).toBe('2026-11-23');
    expect(dayIn(instant, 'Australia/Perth')).toBe('2026-11-22');
  });
});
