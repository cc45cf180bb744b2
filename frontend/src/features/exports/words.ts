import {
  type Icon,
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconPlayerStop,
  IconRefresh,
  IconSearch,
  IconUpload,
} from '@tabler/icons-react';
import type { Export, ItemState } from '@/api/types';
import { count } from '@/lib/plural';
import type { MarkTone } from '@/ui/state-mark';

type Face = { label: string; icon: Icon; tone: MarkTone };

export const ITEM_FACES: Record<ItemState, Face> = {
  pending: { label: 'Waiting', icon: IconClock, tone: 'quiet' },
  ready: { label: 'Waiting', icon: IconClock, tone: 'quiet' },
  sending: { label: 'Sending', icon: IconUpload, tone: 'brand' },
  unknown: { label: 'Checking with Xero', icon: IconSearch, tone: 'brand' },
  exported: { label: 'In Xero', icon: IconCircleCheck, tone: 'ok' },
  rejected: { label: 'Not accepted', icon: IconCircleX, tone: 'bad' },
  review: { label: 'Needs a look', icon: IconAlertTriangle, tone: 'warn' },
  blocked: { label: 'Waiting for the connection', icon: IconClock, tone: 'warn' },
  cancelled: { label: 'Stopped', icon: IconPlayerStop, tone: 'quiet' },
};

export const RUN_FACES: Record<Export['state'], Face> = {
  queued: { label: 'Queued', icon: IconClock, tone: 'quiet' },
  running: { label: 'Running', icon: IconRefresh, tone: 'brand' },
  waiting: { label: 'Waiting', icon: IconClock, tone: 'warn' },
  done: { label: 'Done', icon: IconCircleCheck, tone: 'ok' },
  done_with_errors: { label: 'Done, some need a fix', icon: IconAlertTriangle, tone: 'warn' },
  cancelled: { label: 'Stopped', icon: IconPlayerStop, tone: 'quiet' },
};

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

/** "117 of 120 invoices are in Xero. 3 need a fix." */
export function outcomeWords(run: Export): string {
  const done = `${run.exported} of ${count(run.total, 'invoice is', 'invoices are')} in Xero.`;
  const rest = [
    run.rejected > 0 && `${run.rejected} ${run.rejected === 1 ? 'needs' : 'need'} a fix.`,
    run.cancelled > 0 && `${run.cancelled} ${run.cancelled === 1 ? 'was' : 'were'} not sent.`,
  ].filter(Boolean);
  return [done, ...rest].join(' ');
}

/** How many of a run have their result already. */
export const settledCount = (run: Export) => run.exported + run.rejected + run.cancelled;
