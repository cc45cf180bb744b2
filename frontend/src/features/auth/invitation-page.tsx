import { Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { NewPasswordField } from '@/ui/fields/new-password-field';
import { applyProblem, type FormFailure, FormSummary } from '@/ui/form-problem';
import { useAcceptInvitation } from './api';
import { AuthFrame } from './auth-frame';

const LABELS = { token: 'Invitation', name: 'Your name', password: 'Password' };
const EMPTY = { name: '', password: '' };

/** Where an invitation's mail leads: the secret came behind the #, so no server on the way has seen it. */
export function InvitationPage({ token, onSignedIn }: { token: string; onSignedIn: () => void }) {
  const form = useForm({ initialValues: EMPTY });
  const [failure, setFailure] = useState<FormFailure | null>(null);
  const accept = useAcceptInvitation();

  const submit = form.onSubmit(({ name, password }) => {
    setFailure(null);
    accept.mutate(
      { token, password, name: name.trim() || null },
      { onSuccess: onSignedIn, onError: (error) => setFailure(applyProblem(form, error, LABELS)) },
    );
  });

  return (
    <AuthFrame
      title="Join the business"
      intro="You have been invited. If you have a sign-in already, give its password."
      other={{ question: 'Not what you came for?', label: 'Sign in', to: '/sign-in' }}
    >
      <form onSubmit={submit} noValidate>
        <FormSummary failure={failure} />
        <Stack gap="md">
          <TextInput id="name" label={LABELS.name} autoComplete="name" {...form.getInputProps('name')} />
          <NewPasswordField id="password" label={LABELS.password} {...form.getInputProps('password')} />
          <Button type="submit" fullWidth loading={accept.isPending}>
            Join
          </Button>
        </Stack>
      </form>
    </AuthFrame>
  );
}
