import { Button, Group, Select, Skeleton, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Tagged, unwrap } from '@/api/client';
import { jobStatusesQuery } from '@/api/ledger';
import { preferencesQuery } from '@/api/shared';
import type { Preferences } from '@/api/types';
import { Card } from '@/ui/card';
import { applyProblem, type FormFailure, FormSummary } from '@/ui/form-problem';
import { LeaveGuard } from '@/ui/leave-guard';
import { Overtaken } from '@/ui/overtaken';
import { Page } from '@/ui/page';
import { ProblemNote } from '@/ui/problem-note';
import { SaveBar } from '@/ui/save-bar';
import { toastDone, toastUndo } from '@/ui/toast';
import { usePreferencesForm } from './use-preferences-form';

const FORM = 'status-on-export';
const KEEP = 'Don’t change';

/** Settings ▸ Status changes: what becomes of a job once its customer invoice is in Xero. */
export function StatusChangesPage() {
  const preferences = useQuery({ ...preferencesQuery, refetchOnWindowFocus: false });
  return (
    <Page title="Status changes" intro="What happens to a job when its invoice is exported.">
      {preferences.isPending && <Skeleton h={120} />}
      {preferences.isError && <ProblemNote error={preferences.error} onRetry={() => preferences.refetch()} />}
      {preferences.data && <StatusOnExport loaded={preferences.data} />}
    </Page>
  );
}

function StatusOnExport({ loaded }: { loaded: Tagged<Preferences> }) {
  const { form, ...edit } = usePreferencesForm(loaded, (undo) => toastUndo('Saved', undo));
  const statuses = useQuery(jobStatusesQuery).data ?? [];
  const options = statuses.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Card title="After an export">
      <form
        id={FORM}
        onSubmit={(event) => {
          event.preventDefault();
          edit.save();
        }}
      >
        <FormSummary failure={edit.failure} />
        {edit.overtaken && <Overtaken onTheirs={edit.takeTheirs} onMine={edit.keepMine} />}
        <Select
          id="job_status_on_export"
          label="When a customer invoice is exported, set the job to"
          description="Once Xero has confirmed the invoice, and only once."
          placeholder={KEEP}
          clearable
          data={options}
          maw={420}
          {...form.getInputProps('job_status_on_export')}
        />
      </form>
      <AddStatus onAdded={(id) => form.setFieldValue('job_status_on_export', id)} />
      <SaveBar shown={edit.changed} saving={edit.saving} form={FORM} onDiscard={edit.discard} />
      <LeaveGuard active={edit.changed} />
    </Card>
  );
}

function AddStatus({ onAdded }: { onAdded: (id: string) => void }) {
  const client = useQueryClient();
  const form = useForm({ initialValues: { name: '' } });
  const [failure, setFailure] = useState<FormFailure | null>(null);
  const add = useMutation({
    mutationFn: (name: string) => unwrap(api.POST('/api/v1/job-statuses', { body: { name } })),
  });
  const submit = form.onSubmit(({ name }) => {
    setFailure(null);
    add.mutate(name.trim(), {
      onSuccess: async (status) => {
        await client.invalidateQueries({ queryKey: jobStatusesQuery.queryKey });
        form.reset();
        onAdded(status.id);
        toastDone(`${status.name} was added`, 'Save to use it.');
      },
      onError: (error) => setFailure(applyProblem(form, error, { name: 'New status' })),
    });
  });
  return (
    <form onSubmit={submit}>
      <Text fw={500}>Missing a status?</Text>
      <FormSummary failure={failure} />
      <Group align="start" gap="xs" mt={4}>
        <TextInput id="name" aria-label="New status" placeholder="Invoiced" {...form.getInputProps('name')} />
        <Button
          type="submit"
          variant="default"
          loading={add.isPending}
          disabled={form.values.name.trim() === ''}
        >
          Add status
        </Button>
      </Group>
    </form>
  );
}
