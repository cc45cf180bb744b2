import { describe, expect, test } from 'vitest';
import {
  countTicked,
  everything,
  isTicked,
  nothing,
  rangeBetween,
  readSelection,
  tick,
  writeSelection,
} from './selection';

const rows = (...ids: string[]) => ids.map((id) => ({ id }));

describe('ticks', () => {
  test('name single rows until everything is ticked', () => {
    const some = tick(nothing(), rows('a', 'b'), true);

    expect(isTicked(some, 'a')).toBe(true);
    expect(isTicked(some, 'c')).toBe(false);
    expect(countTicked(some, 1243)).toBe(2);
  });

  test('of everything that matches leave out what was unticked, also rows that no page has shown yet', () => {
    const nearlyAll = tick(everything('ready'), rows('b'), false);

    expect(isTicked(nearlyAll, 'b')).toBe(false);
    expect(isTicked(nearlyAll, 'never-seen')).toBe(true);
    expect(countTicked(nearlyAll, 1243)).toBe(1242);
  });

  test('come back when an exception is ticked again', () => {
    const again = tick(tick(everything('ready'), rows('b'), false), rows('b'), true);

    expect(countTicked(again, 10)).toBe(10);
  });

  test('never change the selection they started from', () => {
    const start = nothing();
    tick(start, rows('a', 'b'), true);

    expect(countTicked(start, 10)).toBe(0);
  });
});

describe('ticks that are stored', () => {
  test('come back with what the tray shows of each row', () => {
    const some = tick(nothing<{ id: string; number: string }>(), [{ id: 'a', number: 'INV-1' }], true);

    expect(readSelection(writeSelection(some))).toEqual(some);
  });

  test('of everything that matches come back with their filter and their exceptions', () => {
    const nearlyAll = tick(everything('ready'), rows('b'), false);

    expect(readSelection(writeSelection(nearlyAll))).toEqual(nearlyAll);
  });

  test('are none when what was stored cannot be read', () => {
    expect(readSelection('{"mode":"ids"}')).toEqual(nothing());
    expect(readSelection('not JSON')).toEqual(nothing());
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
