import { Button, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type ComponentProps, useState } from 'react';
import { HrefButton } from '@/ui/app-link';
import { NewPasswordField } from '@/ui/fields/new-password-field';
import { applyProblem, type FormFailure, FormSummary } from '@/ui/form-problem';
import { Note } from '@/ui/note';
import { isUnusableLink, useResetPassword } from './api';
import { AuthFrame } from './auth-frame';

const LABELS = { token: 'Link', password: 'New password' };

type Props = { token: string; onNewLink: () => void };

/** Where the link for a forgotten password leads. All sessions end, so the next step is signing in. */
export function NewPasswordPage({ token, onNewLink }: Props) {
  const form = useForm({ initialValues: { password: '' } });
  const [failure, setFailure] = useState<FormFailure | null>(null);
  const reset = useResetPassword();

  const submit = form.onSubmit(({ password }) => {
    setFailure(null);
    reset.mutate({ token, password }, { onError: (error) => setFailure(applyProblem(form, error, LABELS)) });
  });

  if (reset.isSuccess) {
    return (
      <Frame title="Your password is changed" intro="You are signed out everywhere.">
        <HrefButton href="/sign-in" fullWidth>
          Sign in with the new password
        </HrefButton>
      </Frame>
    );
  }
  if (reset.isError && isUnusableLink(reset.error)) {
    return (
      <Frame title="Choose a new password" intro="Nothing was changed.">
        <Note tone="bad" role="alert" title="This link can’t be used any more" mb="md">
          A link works once, within an hour, and a newer one replaces it.
        </Note>
        <Button fullWidth onClick={onNewLink}>
          Get a new link
        </Button>
      </Frame>
    );
  }
  return (
    <Frame
      title="Choose a new password"
      intro="After that you are signed out everywhere, and sign in with it."
    >
      <form onSubmit={submit} noValidate>
        <FormSummary failure={failure} />
        <Stack gap="md">
          <NewPasswordField id="password" label={LABELS.password} {...form.getInputProps('password')} />
          <Button type="submit" fullWidth loading={reset.isPending}>
            Change password
          </Button>
        </Stack>
      </form>
    </Frame>
  );
}

const OTHER = { question: 'Not what you came for?', label: 'Sign in', to: '/sign-in' } as const;

function Frame(props: Omit<ComponentProps<typeof AuthFrame>, 'other'>) {
  return <AuthFrame {...props} other={OTHER} />;
}
