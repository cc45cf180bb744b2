import type { Invoice } from '@/api/types';
import { type CureField, cureFieldOf, lineOf } from './cures';

export type WrongCell = Exclude<CureField, 'due_on'>;

type Held = Pick<Invoice, 'problems'>;

/** The values of lines that problems are about, by the line's place. */
export function wrongCellsOf({ problems }: Held): Map<number, Set<WrongCell>> {
  const cells = new Map<number, Set<WrongCell>>();
  for (const problem of problems) {
    const line = lineOf(problem);
    const field = cureFieldOf(problem.code);
    if (line === null || field === null || field === 'due_on') continue;
    cells.set(line, (cells.get(line) ?? new Set()).add(field));
  }
  return cells;
}
