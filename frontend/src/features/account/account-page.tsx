import { Stack } from '@mantine/core';
import { useSession } from '@/api/use-session';
import { Page } from '@/ui/page';
import { useAnchor } from '@/ui/use-anchor';
import { EmailCard } from './email-card';
import { MailCard } from './mail-card';
import { PasswordCard } from './password-card';
import { SessionsCard } from './sessions-card';

/** What belongs to the user in every business: the e-mail address, the password, where they are signed in. */
export function AccountPage({ onLeave }: { onLeave: () => void }) {
  const { user } = useSession();
  useAnchor();
  return (
    <Page title="Your account" intro={user.name}>
      <Stack gap={20}>
        <EmailCard />
        <PasswordCard />
        <MailCard />
        <SessionsCard onLeave={onLeave} />
      </Stack>
    </Page>
  );
}
