import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { connectionQuery } from '@/api/shared';
import { HrefButton } from '@/ui/app-link';
import { Card } from '@/ui/card';
import { ProblemNote } from '@/ui/problem-note';
import { offerQuery, usePutOffOffer } from './api';

/** Asks once after connecting whether the contacts of Xero come in; the answer is kept for the business. */
export function ImportOffer() {
  const connected = useQuery(connectionQuery).data?.state === 'connected';
  const { data: offer } = useQuery({ ...offerQuery, enabled: connected });
  const putOff = usePutOffOffer();
  if (!connected || offer?.state !== 'open') return null;
  return (
    <Card title="Bring in your contacts from Xero?">
      <span>
        So that your invoices go to the right ones. You see every match before anything is saved, and you can
        do it any time from Contacts.
      </span>
      {putOff.isError && <ProblemNote error={putOff.error} />}
      <Group gap="sm">
        <HrefButton href="/contacts/import">Import contacts</HrefButton>
        <Button variant="default" loading={putOff.isPending} onClick={() => putOff.mutate()}>
          Not now
        </Button>
      </Group>
    </Card>
  );
}
