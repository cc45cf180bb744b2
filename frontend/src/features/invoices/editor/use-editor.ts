import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Tagged, unwrapTagged } from '@/api/client';
import { isProblem } from '@/api/problem';
import type { Invoice } from '@/api/types';
import { invoiceQuery } from '@/features/invoices/api';
import { type Change, changeOf, type Draft, draftOf } from './draft';
import { draftCheckQuery } from './draft-check';

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
export function useEditor(loaded: Tagged<Invoice>, onSaved: (saved: Changed) => void) {
  const client = useQueryClient();
  const [base, setBase] = useState(loaded);
  const [before, setBefore] = useState(() => draftOf(loaded.value));
  const [draft, setDraft] = useState(before);
  const [overtaken, setOvertaken] = useState(false);
  const { id } = base.value;
  const body = changeOf(before, draft);
  const saving = useMutation({
    mutationFn: (what: { body: Change; etag: string }) => save(id, what),
    onSuccess: ({ value }) => {
      client.invalidateQueries({ queryKey: ['invoices'] });
      onSaved(value);
    },
    onError: (error) => setOvertaken(isProblem(error) && error.status === 412),
  });
  const adopt = (now: Tagged<Invoice>) => {
    const fresh = draftOf(now.value);
    setBase(now);
    setBefore(fresh);
    setDraft(fresh);
  };
  const current = () => client.fetchQuery({ ...invoiceQuery(id), staleTime: 0 });
  return {
    invoice: base.value,
    draft,
    change: (some: Partial<Draft>) => setDraft((now) => ({ ...now, ...some })),
    changed: Object.keys(body).length > 0,
    saving: saving.isPending,
    isSaved: saving.isSuccess,
    error: overtaken ? null : saving.error,
    overtaken,
    check: useQuery(draftCheckQuery(base.value, draft)).data ?? null,
    save: () => saving.mutate({ body, etag: base.etag }),
    discard: () => {
      saving.reset();
      setDraft(before);
    },
    takeTheirs: async () => {
      adopt(await current());
      setOvertaken(false);
    },
    keepMine: async () => {
      const { etag } = await current();
      setOvertaken(false);
      saving.mutate({ body, etag });
    },
  };
}

export type Editor = ReturnType<typeof useEditor>;
