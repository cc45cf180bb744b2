import { type UseFormReturnType, useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Tagged, unwrapTagged } from '@/api/client';
import { isProblem } from '@/api/problem';
import { preferencesQuery } from '@/api/shared';
import type { Preferences, PreferencesChange } from '@/api/types';
import { isDay, WRITE_A_DATE } from '@/lib/dates';
import { applyProblem, type FormFailure } from '@/ui/form-problem';
import { useToastTheirs } from '@/ui/overtaken';
import { LABELS } from './labels';

export type PreferencesForm = UseFormReturnType<Preferences>;

/** Only what differs: a save never touches what somebody else may have changed meanwhile. */
export function changesBetween(before: Preferences, after: Preferences): PreferencesChange {
  const names = Object.keys(before) as (keyof Preferences)[];
  const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return Object.fromEntries(changed.map((name) => [name, after[name]]));
}

type Save = { change: PreferencesChange; etag: string };

/** The preferences as a form: what is changed, saving it, and what to do when somebody was quicker. */
export function usePreferencesForm(loaded: Tagged<Preferences>, onSaved: (undo: () => void) => void) {
  const client = useQueryClient();
  const toastTheirs = useToastTheirs();
  const [failure, setFailure] = useState<FormFailure | null>(null);
  const [overtaken, setOvertaken] = useState(false);
  const form: PreferencesForm = useForm<Preferences>({
    initialValues: loaded.value,
    validate: { send_from_date: (value) => (value === null || isDay(value) ? null : WRITE_A_DATE) },
  });
  const change = changesBetween(form.getInitialValues(), form.getValues());

  const adopt = (now: Tagged<Preferences>) => {
    client.setQueryData(preferencesQuery.queryKey, now);
    form.setInitialValues(now.value);
    form.setValues(now.value);
    form.clearErrors();
  };
  const saving = useMutation({
    mutationFn: ({ change: body, etag }: Save) =>
      unwrapTagged(api.PATCH('/api/v1/preferences', { params: { header: { 'if-match': etag } }, body })),
  });
  const send = (what: Save, before: Preferences) => {
    setFailure(null);
    saving.mutate(what, {
      onSuccess: (now) => {
        adopt(now);
        const back = changesBetween(now.value, before);
        onSaved(() => send({ change: back, etag: now.etag }, now.value));
      },
      onError: (error) => {
        if (isProblem(error) && error.status === 412) setOvertaken(true);
        else setFailure(applyProblem(form, error, LABELS));
      },
    });
  };
  const current = () => client.fetchQuery({ ...preferencesQuery, staleTime: 0 });
  return {
    form,
    failure,
    overtaken,
    changed: Object.keys(change).length > 0,
    saving: saving.isPending,
    save: () => {
      const wrong = Object.keys(form.validate().errors)[0];
      if (wrong) return document.getElementById(wrong)?.focus();
      const known = client.getQueryData(preferencesQuery.queryKey) ?? loaded;
      send({ change, etag: known.etag }, known.value);
    },
    discard: () => {
      form.setValues(form.getInitialValues());
      form.clearErrors();
      setFailure(null);
    },
    takeTheirs: async () => {
      adopt(await current());
      setOvertaken(false);
      toastTheirs(() => form.setValues(change));
    },
    keepMine: async () => {
      const now = await current();
      setOvertaken(false);
      send({ change, etag: now.etag }, now.value);
    },
  };
}
