import type { ExportItem, ResourceProblem } from '@/api/types';

export type ProblemGroup = { problem: ResourceProblem; items: ExportItem[] };

/** Items by problem, the most frequent first: forty items with the same problem need one fix. */
export function groupProblems(items: readonly ExportItem[]): ProblemGroup[] {
  const groups = new Map<string, ProblemGroup>();
  for (const item of items) {
    for (const problem of item.problems) {
      const key = `${problem.code} ${problem.title} ${problem.fix?.href ?? ''}`;
      const group = groups.get(key) ?? { problem, items: [] };
      if (!group.items.includes(item)) group.items.push(item);
      groups.set(key, group);
    }
  }
  return [...groups.values()].sort((a, b) => b.items.length - a.items.length);
}
