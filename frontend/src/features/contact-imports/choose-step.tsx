import { Button, Checkbox, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { HrefButton } from '@/ui/app-link';
import { Card } from '@/ui/card';
import { ProblemNote } from '@/ui/problem-note';
import { type ImportRole, useStartPreview } from './api';

type Props = { organisation: string; onStarted: (id: string) => void };

/** Whom to bring in. Nothing is saved before the preview is confirmed. */
export function ChooseStep({ organisation, onStarted }: Props) {
  const [roles, setRoles] = useState<string[]>(['customer', 'supplier']);
  const preview = useStartPreview();
  return (
    <Card title={`Whom do you want to bring in from ${organisation}?`}>
      <Checkbox.Group aria-label="Contacts to bring in" value={roles} onChange={setRoles}>
        <Stack gap="sm">
          <Checkbox value="customer" label="Customers" description="Whom you have sent an invoice in Xero" />
          <Checkbox value="supplier" label="Suppliers" description="Whom you have had a bill from in Xero" />
        </Stack>
      </Checkbox.Group>
      <span className="soft">
        You see every match before anything is saved. Contacts that are here already are linked, not added
        twice.
      </span>
      {preview.isError && <ProblemNote error={preview.error} />}
      <Group gap="sm">
        <Button
          disabled={roles.length === 0}
          loading={preview.isPending}
          onClick={() => preview.mutate(roles as ImportRole[], { onSuccess: ({ id }) => onStarted(id) })}
        >
          Look at the contacts
        </Button>
        <HrefButton href="/contacts" variant="default">
          Not now
        </HrefButton>
      </Group>
    </Card>
  );
}
