import { Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { applyProblem, type FormFailure, FormSummary } from '@/ui/form-problem';
import { useSignIn } from './api';
import { AuthFrame } from './auth-frame';

const LABELS = { email: 'E-mail', password: 'Password' };

export function SignInPage({ onSignedIn }: { onSignedIn: () => void }) {
  const form = useForm({ initialValues: { email: '', password: '' } });
  const [failure, setFailure] = useState<FormFailure | null>(null);
  const signIn = useSignIn();

  const submit = form.onSubmit((values) => {
    setFailure(null);
    signIn.mutate(values, {
      onSuccess: onSignedIn,
      onError: (error) => setFailure(applyProblem(form, error, LABELS)),
    });
  });

  return (
    <AuthFrame
      title="Sign in"
      intro="Approved invoices go to Xero, once, to the cent."
      other={{ question: 'New to Jobtally?', label: 'Set up your business', to: '/sign-up' }}
    >
      <form onSubmit={submit} noValidate>
        <FormSummary failure={failure} />
        <Stack gap="md">
          <TextInput
            id="email"
            label={LABELS.email}
            type="email"
            autoComplete="username"
            {...form.getInputProps('email')}
          />
          <PasswordInput
            id="password"
            label={LABELS.password}
            autoComplete="current-password"
            aria-invalid={Boolean(form.errors.password)}
            {...form.getInputProps('password')}
          />
          <Button type="submit" fullWidth loading={signIn.isPending}>
            Sign in
          </Button>
          <Anchor component={Link} to="/password-reset" className="text-link" fz="sm" ta="center">
            Forgot your password?
          </Anchor>
        </Stack>
      </form>
    </AuthFrame>
  );
}
