import type { Export } from '@/api/types';
import { count } from '@/lib/plural';

/** Why a run stands still, and what makes it go on; it always goes on by itself except for the connection. */
export function waitingWords(run: Export, resumesAt: string | null): string | null {
  const when = resumesAt ? `We carry on at ${resumesAt}.` : 'We carry on by ourselves.';
  switch (run.waiting_for) {
    case 'rate':
      return `Xero takes 60 requests a minute, and they are used up. ${when}`;
    case 'day_limit':
      return `Xero’s limit for today is used up. ${when}`;
    case 'xero':
      return `Xero isn’t answering. Nothing is lost. ${when}`;
    case 'connection':
      return 'Xero has signed us out. Reconnect, and this export carries on where it stopped.';
    default:
      return null;
  }
}

/** "117 of 120 invoices are in Xero. 3 need a fix. 1 needs a look." */
export function outcomeWords(run: Export): string {
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
