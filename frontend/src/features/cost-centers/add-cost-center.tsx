import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, unwrap } from '@/api/client';
import { costCentersQuery } from '@/api/ledger';
import { DialogForm } from '@/ui/dialog-form';
import { applyProblem, type FormFailure, FormSummary } from '@/ui/form-problem';
import { toastDone } from '@/ui/toast';

const LABELS = { name: 'Name' };

export function AddCostCenter({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const form = useForm({ initialValues: { name: '' } });
  const [failure, setFailure] = useState<FormFailure | null>(null);
  const add = useMutation({
    mutationFn: (name: string) => unwrap(api.POST('/api/v1/cost-centers', { body: { name } })),
  });
  const submit = form.onSubmit(({ name }) => {
    setFailure(null);
    add.mutate(name, {
      onSuccess: (center) => {
        client.invalidateQueries({ queryKey: costCentersQuery.queryKey });
        toastDone(`${center.name} was added`);
        form.reset();
        onClose();
      },
      onError: (error) => setFailure(applyProblem(form, error, LABELS)),
    });
  });
  return (
    <DialogForm
      opened={opened}
      title="Add a cost centre"
      submit="Add cost centre"
      busy={add.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <FormSummary failure={failure} />
      <TextInput
        id="name"
        label="Name"
        description="Spelled as the option in Xero. We say so if it isn’t."
        data-autofocus
        {...form.getInputProps('name')}
      />
    </DialogForm>
  );
}
