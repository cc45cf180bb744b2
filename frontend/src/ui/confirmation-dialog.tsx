import { PasswordInput, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, unwrap } from '@/api/client';
import { isProblem } from '@/api/problem';
import { DialogForm } from './dialog-form';
import { applyProblem, type FormFailure, FormSummary } from './form-problem';

const LABELS = { password: 'Password' };

/** Asks for the password; `onEnd` says whether the API took it. */
export function ConfirmationDialog({ onEnd }: { onEnd: (isConfirmed: boolean) => void }) {
  const form = useForm({ initialValues: { password: '' } });
  const [failure, setFailure] = useState<FormFailure | null>(null);
  const confirm = useMutation({
    mutationFn: (body: { password: string }) => unwrap(api.POST('/api/v1/session/confirmations', { body })),
    onSuccess: () => onEnd(true),
    onError: (error) => {
      if (isProblem(error) && error.status === 401) onEnd(false);
      else setFailure(applyProblem(form, error, LABELS));
    },
  });

  return (
    <DialogForm
      opened
      title="Confirm with your password"
      submit="Confirm"
      busy={confirm.isPending}
      onSubmit={form.onSubmit((values) => confirm.mutate(values))}
      onClose={() => onEnd(false)}
    >
      {!form.errors.password && <FormSummary failure={failure} />}
      <Text size="sm">Changes of the connection, of API keys and of people need your password again.</Text>
      <PasswordInput
        label={LABELS.password}
        autoComplete="current-password"
        data-autofocus
        {...form.getInputProps('password')}
      />
    </DialogForm>
  );
}
