import type { ResourceProblem } from '@/api/types';
import { lineOf } from './cures';

/** A problem of an invoice, and all its lines that have it. */
export type SameProblem = { problem: ResourceProblem; lines: readonly number[] };

/** What a problem of a line says after "Line 2:"; the whole of it for any other. */
export const withoutLine = ({ detail }: Pick<ResourceProblem, 'detail'>) =>
  detail.replace(/^Line \d+:? /, '');

/** The problems of an invoice, those of several lines once: they have the same cause and the same cure. */
export function sameProblems(problems: readonly ResourceProblem[]): SameProblem[] {
  const causes = new Map<string, { problem: ResourceProblem; lines: number[] }>();
  for (const problem of problems) {
    const line = lineOf(problem);
    const key = `${problem.code} ${line === null ? problem.pointer : ''} ${withoutLine(problem)}`;
    const cause = causes.get(key) ?? { problem, lines: [] };
    if (line !== null) cause.lines.push(line);
    causes.set(key, cause);
  }
  return [...causes.values()];
}

/** "Line 2", "Lines 1, 2 and 4". */
export function linesWords(lines: readonly number[]): string {
  const numbers = lines.map((line) => line + 1);
  if (numbers.length === 1) return `Line ${numbers[0]}`;
  return `Lines ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;
}
