import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { newIdempotencyKey } from '@/api/client';
import { isProblem } from '@/api/problem';
import type { ExportCheck, SelectionBody, StartedExport } from '@/api/types';
import { checkExport, startExport } from './api';
import { bodyOfIds } from './selection-body';

/** More than this many are never exported without being asked once more. */
const ASK_ABOVE = 50;

export type Question =
  | { about: 'check'; check: ExportCheck; selection: SelectionBody }
  | { about: 'refusal'; error: unknown };

type Start = { selection: SelectionBody; key: string };

/**
 * Check, ask if there is anything to ask, start. `question` is what the dialog has to show, if anything.
 */
export function useExport(onStarted: (run: StartedExport) => void) {
  const [question, setQuestion] = useState<Question | null>(null);
  const refuse = (error: unknown) => setQuestion({ about: 'refusal', error });

  const starting = useMutation({
    mutationFn: ({ selection, key }: Start) => startExport(selection, key),
    retry: (failures, error) => failures < 3 && isProblem(error) && error.isTemporary,
    onSuccess: (run) => {
      setQuestion(null);
      onStarted(run);
    },
    onError: refuse,
  });
  const start = (selection: SelectionBody) => starting.mutate({ selection, key: newIdempotencyKey() });

  const checking = useMutation({
    mutationFn: ({ selection }: { selection: SelectionBody; asks: boolean }) => checkExport(selection),
    onSuccess: (check, { selection, asks }) => {
      const isSound = check.needs_fix === 0 && check.obstacles.length === 0;
      if (!asks && isSound && check.total <= ASK_ABOVE) start(selection);
      else setQuestion({ about: 'check', check, selection });
    },
    onError: refuse,
  });

  return {
    question,
    busy: checking.isPending || starting.isPending,
    begin: (selection: SelectionBody) => checking.mutate({ selection, asks: false }),
    /** Shows the check, and starts nothing by itself. */
    look: (selection: SelectionBody) => checking.mutate({ selection, asks: true }),
    /** Checks the invoices of the dialog once more, after some of them were changed. */
    checkAgain: () => {
      if (question?.about === 'check') checking.mutate({ selection: sameInvoices(question), asks: true });
    },
    confirm: () => {
      // Exactly what the dialog showed as ready, whatever matches by now.
      if (question?.about === 'check') start({ mode: 'ids', ids: question.check.ready_ids });
    },
    /** Also tries again what Xero refused before and nothing else stands against. */
    sendAgain: () => {
      if (question?.about !== 'check') return;
      start({ mode: 'ids', ids: [...question.check.ready_ids, ...question.check.resendable_ids] });
    },
    dismiss: () => setQuestion(null),
  };
}

/** The invoices that were checked, by their ids where all are known: a change may take some out of a filter. */
function sameInvoices({ check, selection }: Extract<Question, { about: 'check' }>): SelectionBody {
  const ids = [...check.ready_ids, ...check.invoices.map((one) => one.invoice_id)];
  return ids.length === check.total ? bodyOfIds(ids) : selection;
}

export type Exporting = ReturnType<typeof useExport>;
