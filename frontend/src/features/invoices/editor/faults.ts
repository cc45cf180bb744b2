import { isDay, WRITE_A_DATE } from '@/lib/dates';
import { lineTotal } from '@/lib/line-totals';
import { amountFault } from '@/lib/money';
import type { Draft, DraftLine } from './draft';

/** What keeps a draft from being saved. Those that are not said at once are marked when it is to be saved. */
export type Fault = { path: string; words: string; atOnce: boolean };

/** The place of a value in a draft: of a line by its key, so that it stays with the line when that is moved. */
export const pathIn = (line: Pick<DraftLine, 'key'>, field: string) => `${line.key}.${field}`;

type AmountField = 'quantity' | 'unit_price' | 'discount_percent';

/** What the API takes: digits before the point, decimals, and the words for too many. */
const AMOUNTS = {
  quantity: { range: /^-?\d{1,9}(\.\d*)?$/, places: 4, none: 'Enter a quantity.', tooLarge: 'Too large.' },
  unit_price: { range: /^-?\d{1,10}(\.\d*)?$/, places: 4, none: 'Enter a price.', tooLarge: 'Too large.' },
  discount_percent: {
    range: /^(\d{1,2}(\.\d*)?|100(\.0*)?)$/,
    places: 2,
    none: null,
    tooLarge: 'Use 0 to 100.',
  },
} as const;

const FIELDS = Object.keys(AMOUNTS) as AmountField[];

export const faultsOf = (draft: Draft): Fault[] => [
  ...faultsOfDates(draft),
  ...draft.lines.flatMap(faultsOfLine),
];

function faultsOfDates({ issued_on, due_on }: Draft): Fault[] {
  const unreadable = Object.entries({ issued_on, due_on })
    .filter(([, value]) => value !== null && !isDay(value))
    .map(([path]) => ({ path, words: WRITE_A_DATE, atOnce: false }));
  if (unreadable.length > 0 || due_on === null || due_on >= issued_on) return unreadable;
  return [{ path: 'due_on', words: 'It can’t be due before its date.', atOnce: true }];
}

function faultsOfLine(line: DraftLine): Fault[] {
  const path = pathIn(line, 'description');
  const words = line.isText ? 'Write the text.' : 'Write a description.';
  const description = line.description.trim() === '' ? [{ path, words, atOnce: false }] : [];
  if (line.isText) return description;
  const amounts = FIELDS.flatMap((field) => faultsOfAmount(line, field));
  return [...description, ...(amounts.length > 0 ? amounts : faultsOfTotal(line))];
}

/** The largest amount of a line that the API takes, in digits before the point. */
const LARGEST_LINE = /^-?\d{1,10}\.\d{2}$/;

function faultsOfTotal(line: DraftLine): Fault[] {
  const { line_amount } = lineTotal({ ...line, tax_rate: '0' }, 'no_tax');
  const path = pathIn(line, 'unit_price');
  return LARGEST_LINE.test(line_amount)
    ? []
    : [{ path, words: 'Too large with this quantity.', atOnce: true }];
}

function faultsOfAmount(line: DraftLine, field: AmountField): Fault[] {
  const { range, places, none, tooLarge } = AMOUNTS[field];
  const [value, path] = [line[field], pathIn(line, field)];
  if (value === '') return none ? [{ path, words: none, atOnce: false }] : [];
  const unreadable = amountFault(value, places);
  if (unreadable) return [{ path, words: unreadable, atOnce: false }];
  return range.test(value) ? [] : [{ path, words: tooLarge, atOnce: true }];
}
