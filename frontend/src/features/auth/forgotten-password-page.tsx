import { Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { applyProblem, type FormFailure, FormSummary } from '@/ui/form-problem';
import { Note } from '@/ui/note';
import { useRequestPasswordReset } from './api';
import { AuthFrame } from './auth-frame';

const LABELS = { email: 'E-mail' };

/** Asks for a mail with a link. The answer is the same whether the address has an account or not. */
export function ForgottenPasswordPage() {
  const form = useForm({ initialValues: { email: '' } });
  const [failure, setFailure] = useState<FormFailure | null>(null);
  const request = useRequestPasswordReset();

  const submit = form.onSubmit(({ email }) => {
    setFailure(null);
    request.mutate(email.trim(), { onError: (error) => setFailure(applyProblem(form, error, LABELS)) });
  });

  return (
    <AuthFrame
      title="Forgot your password?"
      intro="Give your e-mail address. You get a link with which you choose a new password."
      other={{ question: 'You remember it?', label: 'Sign in', to: '/sign-in' }}
    >
      {request.isSuccess ? (
        <Answer byMail={request.data.by_mail} email={request.variables} />
      ) : (
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
            <Button type="submit" fullWidth loading={request.isPending}>
              Get a link
            </Button>
          </Stack>
        </form>
      )}
    </AuthFrame>
  );
}

function Answer({ byMail, email }: { byMail: boolean; email: string }) {
  if (!byMail) {
    return (
      <Note tone="info" role="status" title="Ask an administrator of your business for a link.">
        Mail isn’t set up here, so we can’t mail it to you.
      </Note>
    );
  }
  return (
    <Note tone="ok" role="status" title="Check your mail">
      If {email} has an account here, a link is on its way. It works once, within an hour.
    </Note>
  );
}
