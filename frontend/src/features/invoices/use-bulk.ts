import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { count } from '@/lib/plural';
import { tick } from '@/lib/selection';
import { toastProblem } from '@/ui/toast';
import { showToast } from '@/ui/toast-store';
import { approveInvoices, leaveOutInvoices, takeInInvoices } from './bulk-api';
import type { Outcome } from './outcome';
import type { TickedInvoice } from './tickable';
import type { InvoiceList } from './use-invoice-list';

const refresh = (client: QueryClient) => client.invalidateQueries({ queryKey: ['invoices'] });

/** What can be done with ticked invoices beside exporting them; each result is named in words. */
export function useBulk({ ticks }: InvoiceList) {
  const client = useQueryClient();
  const now = useRef(ticks);
  now.current = ticks;
  /** Ticks those of the invoices that are ticked as they are now, or unticks them. */
  const retick = (ids: readonly string[], change: Partial<TickedInvoice>, on: boolean) => {
    const { selection, select } = now.current;
    if (selection.mode !== 'ids') return;
    const rows = ids.flatMap((id) => selection.rows.get(id) ?? []);
    select(
      tick(
        selection,
        rows.map((row) => ({ ...row, ...change })),
        on,
      ),
    );
  };

  const approve = useMutation({
    mutationFn: approveInvoices,
    onSuccess: async (outcome) => {
      tell(`${invoices(outcome.done)} approved`, outcome);
      // What the list shows goes over what is kept of it, so the list comes first.
      await refresh(client);
      // They stay ticked: the next step is to export them.
      retick(outcome.done, { status: 'approved' }, true);
    },
    onError: toastProblem,
  });
  const takeIn = useMutation({
    mutationFn: takeInInvoices,
    onError: toastProblem,
    onSettled: () => refresh(client),
  });
  const leaveOut = useMutation({
    mutationFn: leaveOutInvoices,
    onSuccess: (outcome) => {
      const { selection, clear } = now.current;
      if (selection.mode === 'matching') clear();
      else retick(outcome.done, {}, false);
      const tickAgain = () => {
        if (now.current.count === 0) now.current.select(selection);
      };
      const undo = {
        label: 'Undo',
        run: () => takeIn.mutate(outcome.done, { onSuccess: tickAgain }),
      };
      tell(`${invoices(outcome.done)} left out of exports`, outcome, undo);
    },
    onError: toastProblem,
    onSettled: () => refresh(client),
  });
  return { approve, leaveOut };
}

const invoices = (ids: readonly string[]) => count(ids.length, 'invoice', 'invoices');

/** The result leaves by itself when all went well, and stays with the reasons when something was refused. */
function tell(title: string, { done, refused }: Outcome, action?: { label: string; run: () => void }) {
  const reasons = refused.slice(0, MOST_NAMED).map(({ number, reason }) => `${number}: ${reason}`);
  const more = refused.length - reasons.length;
  showToast({
    id: title,
    tone: refused.length > 0 ? 'bad' : 'ok',
    title: done.length > 0 ? title : 'Nothing was changed',
    message: [...reasons, more > 0 && `And ${more} more.`].filter(Boolean).join(' '),
    action: done.length > 0 ? action : undefined,
    stayMs: refused.length > 0 ? undefined : 10_000,
  });
}

const MOST_NAMED = 3;
