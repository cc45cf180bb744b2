import type { ExportCheck, ResourceProblem } from '@/api/types';
import { type CureField, cureFieldOf, lineOf } from './cures';
import { withoutLine } from './same-problems';

/** One cause of problems in a check, and the invoices it holds back. */
export type Cause = {
  code: string;
  title: string;
  /** What exactly is wrong, when that is the same everywhere: "“EastSide” isn't in Region." */
  detail: string | null;
  fix: ResourceProblem['fix'];
  ids: readonly string[];
  /** The lines it is about, by invoice. */
  lines: ReadonlyMap<string, readonly number[]>;
  /** The field that one value fixes for all of them. */
  field: CureField | null;
};

/**
 * The groups of a check. A group about a value of lines is split by what is wrong with them: two codes that Xero doesn't
 * have are two causes, for each wants a value of its own.
 */
export function causesOf({ groups, invoices }: ExportCheck): Cause[] {
  return groups.flatMap((group) => {
    const field = cureFieldOf(group.code);
    const causes = new Map<string, Collected>();
    for (const { invoice_id, problems } of invoices) {
      for (const problem of problems.filter(({ code }) => code === group.code)) {
        const detail = withoutLine(problem);
        const key = field && detail !== problem.detail ? detail : '';
        const cause = causes.get(key) ?? { details: new Set(), lines: new Map() };
        cause.details.add(detail);
        const line = lineOf(problem);
        const before = cause.lines.get(invoice_id) ?? [];
        cause.lines.set(invoice_id, line === null ? before : [...before, line]);
        causes.set(key, cause);
      }
    }
    const { code, title, fix } = group;
    const shared = { code, title, fix, field };
    if (causes.size === 0) {
      return [{ ...shared, field: null, detail: null, ids: group.invoice_ids, lines: new Map() }];
    }
    return [...causes.values()].map(({ details, lines }) => ({
      ...shared,
      detail: details.size === 1 ? ([...details][0] ?? null) : null,
      ids: [...lines.keys()],
      lines,
    }));
  });
}

type Collected = { details: Set<string>; lines: Map<string, readonly number[]> };
