import { Loader, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { HrefButton } from '@/ui/app-link';
import { Note } from '@/ui/note';
import { ProblemNote } from '@/ui/problem-note';
import { emailVerificationQuery, isUnusableLink } from './api';
import { AuthFrame } from './auth-frame';

/** Where the mail that confirms an address leads: it uses the link at once and says what happened. */
export function EmailVerificationPage({ token }: { token: string }) {
  return (
    <AuthFrame
      title="Confirm your e-mail address"
      intro="The link in our mail shows that the address is yours."
      other={{ question: 'Not what you came for?', label: 'Sign in', to: '/sign-in' }}
    >
      {token === '' ? <Unusable /> : <Verification token={token} />}
    </AuthFrame>
  );
}

function Verification({ token }: { token: string }) {
  const { isPending, isError, error, refetch } = useQuery(emailVerificationQuery(token));
  if (isPending) {
    return (
      <Text role="status">
        <Loader size="xs" mr="xs" aria-hidden /> One moment…
      </Text>
    );
  }
  if (isError) {
    if (isUnusableLink(error)) return <Unusable />;
    return <ProblemNote error={error} title="Your address isn’t confirmed yet" onRetry={refetch} />;
  }
  return (
    <>
      <Note tone="ok" role="status" title="Your e-mail address is confirmed" mb="md" />
      <HrefButton href="/" fullWidth>
        Go to Jobtally
      </HrefButton>
    </>
  );
}

function Unusable() {
  return (
    <>
      <Note tone="bad" role="alert" title="This link can’t be used any more" mb="md">
        A link works once, within seven days. Your account says whether your address is confirmed, and mails a
        new link.
      </Note>
      <HrefButton href="/settings/account" fullWidth>
        Open your account
      </HrefButton>
    </>
  );
}
