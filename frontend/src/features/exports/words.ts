import type { Export, StartedExport } from '@/api/types';
import { count } from '@/lib/plural';

/** "117 of 120 invoices are in Xero. 3 need a fix. 1 needs a look." */
export function outcomeWords(run: Export): string {
  if (run.cancelled === run.total) return 'Stopped. Nothing was exported.';
  const done = `${run.exported} of ${count(run.total, 'invoice is', 'invoices are')} in Xero.`;
  const rest = [
    run.rejected > 0 && `${run.rejected} ${run.rejected === 1 ? 'needs' : 'need'} a fix.`,
    run.with_remarks > 0 && `${run.with_remarks} ${run.with_remarks === 1 ? 'needs' : 'need'} a look.`,
    run.cancelled > 0 && `${run.cancelled} ${run.cancelled === 1 ? 'was' : 'were'} not exported.`,
  ].filter(Boolean);
  return [done, ...rest].join(' ');
}

/** How many of a run have their result already. */
export const settledCount = (run: Export) => run.exported + run.rejected + run.cancelled;

/** Of one invoice, and of several. */
const SKIPPED: Record<string, readonly [string, string]> = {
  already_exported: ['is in Xero already', 'are in Xero already'],
  invoice_excluded: ['is left out on purpose', 'are left out on purpose'],
  invoice_in_export: ['is on its way already', 'are on their way already'],
  invoice_not_approved: ['is a draft', 'are drafts'],
  unknown_invoice: ['was deleted', 'were deleted'],
};
const UNNAMED = ['can’t be exported now', 'can’t be exported now'] as const;

/** "3 were left out: 2 are drafts, 1 is in Xero already."; `null` when nothing was. */
export function skippedWords({ skipped }: Pick<StartedExport, 'skipped'>): string | null {
  if (skipped.length === 0) return null;
  const reasons = new Map<readonly [string, string], number>();
  for (const { code } of skipped) {
    const reason = SKIPPED[code] ?? UNNAMED;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const named = [...reasons].map(([words, n]) =>
    reasons.size > 1 ? count(n, ...words) : n === 1 ? `it ${words[0]}` : `they ${words[1]}`,
  );
  return `${count(skipped.length, 'was', 'were')} left out: ${named.join(', ')}.`;
}
