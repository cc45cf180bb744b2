import type { ExportItem, ProblemRef } from '@/api/types';

export type ProblemGroup = { problem: ProblemRef; items: ExportItem[] };

/** Items by what stands in their way, the most frequent first: forty times the same reason is one thing to mend. */
export function groupProblems(items: readonly ExportItem[]): ProblemGroup[] {
  const groups = new Map<string, ProblemGroup>();
  for (const item of items) {
    if (!item.problem) continue;
    const key = `${item.problem.code} ${item.problem.title} ${item.problem.fix?.href ?? ''}`;
    const group = groups.get(key) ?? { problem: item.problem, items: [] };
    group.items.push(item);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.items.length - a.items.length);
}
