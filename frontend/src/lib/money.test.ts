import { describe, expect, test } from 'vitest';
import { addAmounts, formatDecimal, formatMoney, parseAmount, sumByCurrency } from './money';

describe('a sum of amounts', () => {
  test('is exact where floating point is not', () => {
    expect(addAmounts(['0.10', '0.20'])).toBe('0.30');
    expect(addAmounts(['9007199254740993.01', '0.01'])).toBe('9007199254740993.02');
  });

  test('keeps the sign of credits and the zero before the point', () => {
    expect(addAmounts(['5.00', '-5.05'])).toBe('-0.05');
    expect(addAmounts(['-1.50', '2.75'])).toBe('1.25');
  });

  test('takes the finest scale among its parts', () => {
    expect(addAmounts(['1.5', '2', '0.0005'])).toBe('3.5005');
  });

  test('refuses what is not a decimal instead of guessing', () => {
    expect(() => addAmounts(['1,000.00'])).toThrow(RangeError);
  });

  test('is kept apart per currency', () => {
    const sums = sumByCurrency([
      { currency: 'NZD', total: '10.05' },
      { currency: 'AUD', total: '3.00' },
      { currency: 'NZD', total: '0.95' },
    ]);

    expect(sums).toEqual([
      { currency: 'NZD', total: '11.00' },
      { currency: 'AUD', total: '3.00' },
    ]);
  });
});

describe('a typed amount', () => {
  test.each([
    ['1,234.50', '1234.50'],
    ['12,345', '12345.00'],
    ['$ 1 234 567', '1234567.00'],
    ['-$5.5', '-5.50'],
    ['.5', '0.50'],
    ['007', '7.00'],
  ])('%s is read as %s', (typed, amount) => {
    expect(parseAmount(typed, 'en-NZ')).toBe(amount);
  });

  test.each([
    '85,00',
    '1,23',
    '12,34,567',
    '1234,567',
    '5.',
    '1e3',
    '12o.50',
    '12 50',
    '1.234,50',
    '.',
    '-',
    '',
  ])('%s is not guessed at', (typed) => {
    expect(parseAmount(typed, 'en-NZ')).toBeNull();
  });
});

describe('an amount on screen', () => {
  test('is the very amount, however large', () => {
    expect(formatMoney('9007199254740993.01', 'NZD', 'en-NZ')).toBe('$9,007,199,254,740,993.01');
    expect(formatMoney('-1425.42', 'NZD', 'en-NZ')).toBe('-$1,425.42');
  });

  test('of one unit shows up to four places, of which two are always there', () => {
    expect(formatMoney('0.1234', 'NZD', 'en-NZ', 4)).toBe('$0.1234');
    expect(formatMoney('95.0000', 'NZD', 'en-NZ', 4)).toBe('$95.00');
  });

  test('that is a quantity loses the zeros that say nothing', () => {
    expect(formatDecimal('3.5000', 'en-NZ')).toBe('3.5');
  });
});
