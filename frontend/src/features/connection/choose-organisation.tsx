import { Button, Group, Radio, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Connection } from '@/api/types';
import { Card } from '@/ui/card';
import { ProblemNote } from '@/ui/problem-note';
import { toastDone } from '@/ui/toast';
import { organisationsQuery, useChooseOrganisation } from './api';

/** Shown when Xero granted more than one organisation: which of them is this business? */
export function ChooseOrganisation({ connection }: { connection: Connection }) {
  const { data } = useQuery(organisationsQuery);
  const [chosen, setChosen] = useState<string | null>(connection.organisation_id);
  const choose = useChooseOrganisation();
  const organisations = data?.items ?? [];
  if (organisations.length === 0) return null;

  const go = () => {
    if (!chosen) return;
    choose.mutate(chosen, {
      onSuccess: (now) => toastDone(`Connected to ${now.organisation_name ?? 'Xero'}`),
    });
  };
  return (
    <Card title="Which organisation is this business?">
      {choose.isError && <ProblemNote error={choose.error} />}
      <Radio.Group value={chosen} onChange={setChosen} aria-label="Organisation">
        <Stack gap="sm">
          {organisations.map((one) => (
            <Radio
              key={one.organisation_id}
              value={one.organisation_id}
              label={
                one.is_present ? `${one.organisation_name} (your invoices went here)` : one.organisation_name
              }
            />
          ))}
        </Stack>
      </Radio.Group>
      <Group>
        <Button
          onClick={go}
          loading={choose.isPending}
          disabled={!chosen || chosen === connection.organisation_id}
        >
          Use this organisation
        </Button>
      </Group>
    </Card>
  );
}
