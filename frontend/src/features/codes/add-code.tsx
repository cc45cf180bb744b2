import { Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, unwrap } from '@/api/client';
import { codesQuery } from '@/api/ledger';
import type { CodeKind } from '@/api/types';
import { DialogForm } from '@/ui/dialog-form';
import { applyProblem, type FormFailure, FormSummary } from '@/ui/form-problem';
import { toastDone } from '@/ui/toast';

const LABELS = { code: 'Code', name: 'Name' };

type Props = { kind: CodeKind; opened: boolean; onClose: () => void };

export function AddCode({ kind, opened, onClose }: Props) {
  const client = useQueryClient();
  const form = useForm({ initialValues: { code: '', name: '' } });
  const [failure, setFailure] = useState<FormFailure | null>(null);
  const add = useMutation({
    mutationFn: (values: typeof form.values) =>
      unwrap(api.POST('/api/v1/accounting-codes', { body: { ...values, kind } })),
  });
  const submit = form.onSubmit((values) => {
    setFailure(null);
    add.mutate(values, {
      onSuccess: (code) => {
        client.invalidateQueries({ queryKey: codesQuery(kind).queryKey });
        toastDone(`${code.code} was added`);
        form.reset();
        onClose();
      },
      onError: (error) => setFailure(applyProblem(form, error, LABELS)),
    });
  });
  return (
    <DialogForm
      opened={opened}
      title={kind === 'income' ? 'Add an invoice item code' : 'Add an order item code'}
      submit="Add code"
      busy={add.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <FormSummary failure={failure} />
      <Text fz="sm" c="dimmed">
        {kind === 'income' ? 'For customer invoices: an account of type Revenue in Xero.' : null}
        {kind === 'expense' ? 'For supplier invoices: an account of type Direct Costs in Xero.' : null} The
        same code can’t be both.
      </Text>
      <TextInput id="code" label={LABELS.code} data-autofocus {...form.getInputProps('code')} />
      <TextInput id="name" label={LABELS.name} {...form.getInputProps('name')} />
    </DialogForm>
  );
}
