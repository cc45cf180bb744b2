import { describe, expect, test } from 'vitest';
import { countTicked, EVERYTHING, isTicked, NOTHING, rangeBetween, tick } from './selection';

describe('ticks', () => {
  test('name single rows until everything is ticked', () => {
    const some = tick(NOTHING, ['a', 'b'], true);

    expect(isTicked(some, 'a')).toBe(true);
    expect(isTicked(some, 'c')).toBe(false);
    expect(countTicked(some, 1243)).toBe(2);
  });

  test('of everything that matches leave out what was unticked, also rows that no page has shown yet', () => {
    const nearlyAll = tick(EVERYTHING, ['b'], false);

    expect(isTicked(nearlyAll, 'b')).toBe(false);
    expect(isTicked(nearlyAll, 'never-seen')).toBe(true);
    expect(countTicked(nearlyAll, 1243)).toBe(1242);
  });

  test('come back when an exception is ticked again', () => {
    const again = tick(tick(EVERYTHING, ['b'], false), ['b'], true);

    expect(countTicked(again, 10)).toBe(10);
  });

  test('never change the selection they started from', () => {
    tick(NOTHING, ['a'], true);

    expect(countTicked(NOTHING, 10)).toBe(0);
  });
});

describe('a range', () => {
  const shown = ['a', 'b', 'c', 'd'];

  test('runs both ways from the row ticked before', () => {
    expect(rangeBetween(shown, 'b', 'd')).toEqual(['b', 'c', 'd']);
    expect(rangeBetween(shown, 'd', 'b')).toEqual(['b', 'c', 'd']);
  });

  test('is one row when the row ticked before is not shown any more', () => {
    expect(rangeBetween(shown, 'gone', 'c')).toEqual(['c']);
    expect(rangeBetween(shown, null, 'c')).toEqual(['c']);
  });
});
