import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useSession } from '@/api/use-session';
import { Card } from '@/ui/card';
import { NewPasswordField } from '@/ui/fields/new-password-field';
import { applyProblem, type FormFailure, FormSummary } from '@/ui/form-problem';
import { toastDone } from '@/ui/toast';
import { useChangePassword } from './api';

const LABELS = { current_password: 'Present password', new_password: 'New password' };
const EMPTY = { current_password: '', new_password: '' };

export function PasswordCard() {
  const { email } = useSession().user;
  const form = useForm({ initialValues: EMPTY });
  const [failure, setFailure] = useState<FormFailure | null>(null);
  const change = useChangePassword();

  const submit = form.onSubmit((values) => {
    setFailure(null);
    change.mutate(values, {
      onSuccess: () => {
        form.reset();
        toastDone('Your password is changed', 'Other browsers are signed out.');
      },
      onError: (error) => setFailure(applyProblem(form, error, LABELS)),
    });
  });

  return (
    <Card title="Password" intro="A new password signs you out everywhere else.">
      <form onSubmit={submit} noValidate>
        <FormSummary failure={failure} />
        <Stack gap="md" maw={400}>
          {/* Password managers keep the new password under this name. */}
          <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
          <PasswordInput
            id="current_password"
            label={LABELS.current_password}
            autoComplete="current-password"
            aria-invalid={Boolean(form.errors.current_password)}
            {...form.getInputProps('current_password')}
          />
          <NewPasswordField
            id="new_password"
            label={LABELS.new_password}
            {...form.getInputProps('new_password')}
          />
          <Group>
            <Button type="submit" loading={change.isPending}>
              Change password
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}
