import { Switch } from '@mantine/core';
import { useSession } from '@/api/use-session';
import { Card } from '@/ui/card';
import { ProblemNote } from '@/ui/problem-note';
import { useChooseMail } from './api';

/** Whether the user gets mails about the business; mails about their own password always come. */
export function MailCard() {
  const { business, wants_mail } = useSession();
  const choose = useChooseMail();
  return (
    <Card id="mails" title="Mails" intro="Your choice alone: the others choose for themselves.">
      <Switch
        label={`Mails about ${business.name}`}
        description="When Xero signs us out, when approved invoices were not sent, and the daily summary if it is on. Notifications come in any case."
        checked={choose.isPending ? choose.variables : wants_mail}
        disabled={choose.isPending}
        onChange={(event) => choose.mutate(event.currentTarget.checked)}
      />
      {choose.isError && <ProblemNote error={choose.error} />}
    </Card>
  );
}
