import { Problem } from '@/api/problem';
import { pathOf } from '@/lib/pointer';
import { faultWords } from '@/lib/words';
import type { Draft, DraftLine } from './draft';
import { pathIn } from './faults';

/** A fault that the API has found: the field that is marked, and the value that it holds for. */
type RefusedValue = { path: string; of: string; value: unknown; words: string };

/** A refusal, and what of it has a place in the draft. */
export type Refused = { problem: Problem; values: RefusedValue[] };

const LABELS: Record<string, string> = {
  issued_on: 'Date',
  due_on: 'Due',
  reference: 'Reference',
  amounts: 'Amounts',
  lines: 'Lines',
  description: 'description',
  quantity: 'quantity',
  unit_price: 'price',
  discount_percent: 'discount',
  accounting_code: 'code',
  tax_type: 'tax',
  cost_center_id: 'cost centre',
};

export function refusedOf(error: unknown, draft: Draft): Refused {
  const problem = Problem.from(error);
  const values = problem.errors.map((fault) => {
    const { path, of } = placeOf(pathOf(fault.pointer ?? ''), draft);
    const value = valueAt(draft, of);
    const field = path.split('.').at(-1) ?? '';
    return { path, of, value, words: faultWords(fault, field, LABELS[field] ?? 'value', value) };
  });
  return { problem, values };
}

/** The refused values that nobody has changed since. */
export const leftOf = (refused: Refused | null, draft: Draft): RefusedValue[] =>
  refused?.values.filter(({ of, value }) => valueAt(draft, of) === value) ?? [];

/** The refusal as far as it still holds, each fault with the name of its field. */
export function problemLeft(refused: Refused | null, draft: Draft): Problem | null {
  if (!refused || refused.problem.errors.length === 0) return refused?.problem ?? null;
  const left = leftOf(refused, draft);
  if (left.length === 0) return null;
  const errors = left.map(({ path, words }) => ({ pointer: path, detail: `${nameOf(path, draft)}${words}` }));
  return new Problem({ ...refused.problem, errors });
}

/** Where a fault at this place of the body is marked. What is wrong with a whole line is mostly its price. */
function placeOf(inBody: string, draft: Draft): { path: string; of: string } {
  const [head = '', row, field = ''] = inBody.split('.');
  const line = head === 'lines' && row !== undefined ? draft.lines[Number(row)] : undefined;
  if (!line) return head in draft ? { path: head, of: head } : { path: '', of: '' };
  if (field in LABELS) return { path: pathIn(line, field), of: pathIn(line, field) };
  return { path: pathIn(line, line.isText ? 'description' : 'unit_price'), of: line.key };
}

/** The value of a field, a whole line, or the whole draft for what has no place in it. */
function valueAt(draft: Draft, path: string): unknown {
  if (path === '') return draft;
  const [head, field] = path.split('.');
  const line = draft.lines.find(({ key }) => key === head);
  if (!line) return draft[head as keyof Draft];
  return field === undefined ? line : line[field as keyof DraftLine];
}

function nameOf(path: string, draft: Draft): string {
  const [head = '', field = ''] = path.split('.');
  const row = draft.lines.findIndex(({ key }) => key === head);
  if (row >= 0) return `Line ${row + 1}, ${LABELS[field] ?? field}: `;
  return head ? `${LABELS[head] ?? head}: ` : '';
}
