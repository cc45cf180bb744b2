import { Button, Group, Text } from '@mantine/core';
import { useSession } from '@/api/use-session';
import { Card } from '@/ui/card';
import { Note } from '@/ui/note';
import { ProblemNote } from '@/ui/problem-note';
import { StateMark } from '@/ui/state-mark';
import { useSendVerification } from './api';

export function EmailCard() {
  const { email, email_verified } = useSession().user;
  const send = useSendVerification();
  return (
    <Card title="E-mail address" intro="You sign in with it, and a link for a new password goes to it.">
      <Group justify="space-between" gap="sm">
        <div>
          <Text fw={550}>{email}</Text>
          <StateMark of="email" state={email_verified ? 'verified' : 'unverified'} />
        </div>
        {!email_verified && (
          <Button variant="default" loading={send.isPending} onClick={() => send.mutate()}>
            Send the mail again
          </Button>
        )}
      </Group>
      {!email_verified && send.isSuccess && (
        <Note tone="ok" role="status" title={`A mail is on its way to ${send.data.email}.`}>
          Open the link in it within seven days. Links of earlier mails don’t work any more.
        </Note>
      )}
      {!email_verified && send.isError && <ProblemNote error={send.error} />}
    </Card>
  );
}
