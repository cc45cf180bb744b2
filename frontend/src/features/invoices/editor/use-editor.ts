import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Tagged, unwrap, unwrapTagged } from '@/api/client';
import { isProblem } from '@/api/problem';
import type { Invoice } from '@/api/types';
import { invoiceQuery } from '@/features/invoices/api';
import { useToastTheirs } from '@/ui/overtaken';
import { type Change, changedAs, changeOf, type Draft, draftOf } from './draft';
import { draftCheckQuery } from './draft-check';
import { faultsOf } from './faults';
import { leftOf, problemLeft, type Refused, refusedOf } from './refused';

const NOTHING_ASKED: ReadonlySet<string> = new Set();

type Wanted = { body: Change; etag: string; sent: Draft; approve: boolean };

type Changed = Awaited<ReturnType<typeof save>>['value'];

const save = (id: string, { body, etag }: { body: Change; etag: string }) =>
  unwrapTagged(
    api.PATCH('/api/v1/invoices/{invoice_id}', {
      params: { path: { invoice_id: id } },
      headers: { 'If-Match': etag },
      body,
    }),
  );

/** An invoice as it is edited: what is changed, saving it, and what to do when somebody was quicker. */
export function useEditor(loaded: Tagged<Invoice>, onSaved: (saved: Changed, isApproved: boolean) => void) {
  const client = useQueryClient();
  const toastTheirs = useToastTheirs();
  const [base, setBase] = useState(loaded);
  const [before, setBefore] = useState(() => draftOf(loaded.value));
  const [draft, setDraft] = useState(before);
  const [overtaken, setOvertaken] = useState(false);
  /** The wrong fields when it was last to be saved. */
  const [asked, setAsked] = useState(NOTHING_ASKED);
  const { id } = base.value;
  const [refused, setRefused] = useState<Refused | null>(null);
  const body = changeOf(before, draft);
  const faults = faultsOf(draft);
  const saving = useMutation({
    mutationFn: async ({ body, etag, approve }: Wanted) => {
      const saved = Object.keys(body).length > 0 ? await save(id, { body, etag }) : null;
      if (!approve) return saved?.value ?? base.value;
      // What is saved stays saved, also if it cannot be approved.
      if (saved) adopt(saved);
      return unwrap(
        api.PUT('/api/v1/invoices/{invoice_id}/approval', { params: { path: { invoice_id: id } } }),
      );
    },
    onSuccess: (value, { approve }) => onSaved({ approval_withdrawn: false, ...value }, approve),
    onSettled: () => client.invalidateQueries({ queryKey: ['invoices'] }),
    onError: (error, { sent }) => {
      if (isProblem(error) && error.status === 412) setOvertaken(true);
      else setRefused(refusedOf(error, sent));
    },
  });
  const adopt = (now: Tagged<Invoice>) => {
    const fresh = draftOf(now.value);
    setBase(now);
    setBefore(fresh);
    setDraft(fresh);
    return fresh;
  };
  const send = (etag: string, approve: boolean) => {
    setRefused(null);
    if (faults.length > 0) setAsked(new Set(faults.map(({ path }) => path)));
    else saving.mutate({ body, etag, sent: draft, approve });
  };
  const current = () => client.fetchQuery({ ...invoiceQuery(id), staleTime: 0 });
  return {
    invoice: base.value,
    draft,
    change: (some: Partial<Draft>) => setDraft((now) => ({ ...now, ...some })),
    changed: Object.keys(body).length > 0,
    saving: saving.isPending,
    isSaved: saving.isSuccess,
    refused,
    error: problemLeft(refused, draft),
    overtaken,
    /** How many values keep it from being saved. */
    wrong: faults.length,
    asked,
    /** What is wrong with a field, by its path. */
    marks: new Map(
      [...leftOf(refused, draft), ...faults.filter(({ path, atOnce }) => atOnce || asked.has(path))].map(
        ({ path, words }) => [path, words],
      ),
    ),
    check: useQuery(draftCheckQuery(base.value, draft)).data ?? null,
    save: () => send(base.etag, false),
    /** Saves what is changed, if anything is, and approves it. */
    approve: () => send(base.etag, true),
    discard: () => {
      saving.reset();
      setRefused(null);
      setAsked(NOTHING_ASKED);
      setDraft(before);
    },
    takeTheirs: async () => {
      const theirs = adopt(await current());
      setOvertaken(false);
      toastTheirs(() => setDraft(changedAs(before, draft, theirs)));
    },
    keepMine: async () => {
      const { etag } = await current();
      setOvertaken(false);
      send(etag, saving.variables?.approve ?? false);
    },
  };
}

export type Editor = ReturnType<typeof useEditor>;
