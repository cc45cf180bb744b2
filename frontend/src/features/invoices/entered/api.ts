import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import type { SelectionBody } from '@/api/types';
import { forEachInvoice } from '@/features/invoices/bulk-api';
import { type Outcome, outcomeOf } from '@/features/invoices/outcome';
import { count } from '@/lib/plural';
import { toastProblem } from '@/ui/toast';
import { showToast } from '@/ui/toast-store';
import { LOOKS_ENTERED } from './documents';

export type Verdict = 'same' | 'different';

/** The document in Xero that an invoice is linked to. */
export const linkQuery = (id: string) =>
  queryOptions({
    queryKey: ['invoices', 'link', id],
    queryFn: () =>
      unwrap(api.GET('/api/v1/invoices/{invoice_id}/link', { params: { path: { invoice_id: id } } })),
  });

const unlink = (ids: readonly string[]) =>
  forEachInvoice(ids, (params) => unwrap(api.DELETE('/api/v1/invoices/{invoice_id}/link', { params })));

/** Takes back that an invoice is linked with a document that somebody else entered. */
export function useUnlink() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: unlink,
    onSuccess: () => client.invalidateQueries({ queryKey: ['invoices'] }),
  });
}

async function answerAll({ selection, verdict }: { selection: SelectionBody; verdict: Verdict }) {
  const body = { selection, problem_code: LOOKS_ENTERED, choice: verdict };
  return outcomeOf((await unwrap(api.POST('/api/v1/invoices/answers', { body }))).results);
}

const MOST_NAMED = 3;
/** One request each: more are unlinked one by one. */
const MOST_UNDONE = 200;

/** Answers for all that are selected, and says what became of each. */
export function useVerdict(onDone: () => void) {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ['invoices'] });
  const undo = useMutation({ mutationFn: unlink, onError: toastProblem, onSettled: refresh });
  return useMutation({
    mutationFn: answerAll,
    onSuccess: (outcome, { verdict }) => {
      onDone();
      const back = verdict === 'same' && outcome.done.length > 0 && outcome.done.length <= MOST_UNDONE;
      tell(outcome, verdict, back ? () => undo.mutate(outcome.done) : undefined);
    },
    onError: toastProblem,
    onSettled: refresh,
  });
}

function tell({ done, refused }: Outcome, verdict: Verdict, undo?: () => void) {
  const invoices = count(done.length, 'invoice', 'invoices');
  const reasons = refused.slice(0, MOST_NAMED).map(({ number, reason }) => `${number}: ${reason}`);
  const more = refused.length - reasons.length;
  const title = verdict === 'same' ? `${invoices} linked. Nothing was sent.` : `${invoices} can be exported`;
  showToast({
    id: 'entered already',
    tone: refused.length > 0 ? 'bad' : 'ok',
    title: done.length > 0 ? title : 'Nothing was changed',
    message: [...reasons, more > 0 && `And ${more} more.`].filter(Boolean).join(' '),
    action: undo && { label: 'Undo', run: undo },
    stayMs: refused.length > 0 ? undefined : 10_000,
  });
}
