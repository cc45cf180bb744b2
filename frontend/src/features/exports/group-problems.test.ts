import { expect, test } from 'vitest';
import { itemAt } from '@/testing/fixtures';
import { groupProblems } from './group-problems';

const code = {
  code: 'account_code_missing',
  title: 'A line has no account code',
  detail: 'Line 1',
  fix: null,
  pointer: null,
  xero_message: null,
};
const center = {
  code: 'cost_center_unmatched',
  title: 'A cost centre isn’t in Xero',
  detail: 'Line 2',
  fix: null,
  pointer: null,
  xero_message: null,
};

test('one cause is told once, the most frequent first, whatever the line it was found on', () => {
  const groups = groupProblems([
    itemAt(1, { state: 'rejected', problems: [center] }),
    itemAt(2, { state: 'rejected', problems: [code] }),
    itemAt(3, { state: 'rejected', problems: [{ ...code, detail: 'Line 7' }] }),
    itemAt(4),
  ]);

  expect(groups.map((group) => [group.problem.code, group.items.length])).toEqual([
    ['account_code_missing', 2],
    ['cost_center_unmatched', 1],
  ]);
});
