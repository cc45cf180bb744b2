import { expect, test } from 'vitest';
import { itemAt, problem } from '@/testing/fixtures';
import { groupProblems } from './group-problems';

const code = {
  ...problem,
  code: 'account_code_missing',
  title: 'A line has no account code',
  detail: 'Line 1',
};
const center = { ...problem, detail: 'Line 2' };

test('one problem is one group whatever its line is, and the most frequent group is first', () => {
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
