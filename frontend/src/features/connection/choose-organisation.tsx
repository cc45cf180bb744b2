import { Button, Group, Radio, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Problem } from '@/api/problem';
import type { Connection, Organisation } from '@/api/types';
import { Card } from '@/ui/card';
import { ProblemNote } from '@/ui/problem-note';
import { toastDone } from '@/ui/toast';
import { organisationsQuery, useChooseOrganisation } from './api';

/** Shown when Xero granted more than one organisation: which of them is this business? */
export function ChooseOrganisation({ connection }: { connection: Connection }) {
  const { data } = useQuery(organisationsQuery);
  const [chosen, setChosen] = useState<string | null>(connection.organisation_id);
  const [typedName, setTypedName] = useState('');
  const choose = useChooseOrganisation();
  const organisations = data?.items ?? [];
  if (organisations.length === 0) return null;

  const isSwitch = choose.error instanceof Problem && choose.error.code === 'other_organisation';
  const select = (id: string) => {
    setChosen(id);
    setTypedName('');
    choose.reset();
  };
  const go = () => {
    if (!chosen) return;
    choose.mutate(
      { organisation_id: chosen, ...(typedName ? { confirm_switch: typedName } : {}) },
      { onSuccess: (now) => toastDone(`Connected to ${now.organisation_name ?? 'Xero'}`) },
    );
  };
  return (
    <Card title="Which organisation is this business?">
      {choose.isError && <ProblemNote error={choose.error} />}
      <Radio.Group value={chosen} onChange={select} aria-label="Organisation">
        <Stack gap="sm">
          {organisations.map((one) => (
            <Radio
              key={one.organisation_id}
              value={one.organisation_id}
              label={
                one.is_present ? `${one.organisation_name} (your invoices went here)` : one.organisation_name
              }
              description={factsOf(one)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {isSwitch && (
        <TextInput
          label="To switch, type the name of the new organisation"
          value={typedName}
          onChange={(event) => setTypedName(event.currentTarget.value)}
        />
      )}
      <Group>
        <Button
          onClick={go}
          loading={choose.isPending}
          disabled={!chosen || chosen === connection.organisation_id || (isSwitch && !typedName)}
        >
          Use this organisation
        </Button>
      </Group>
    </Card>
  );
}

/** What tells two organisations of one name apart. */
function factsOf({ country_code, currency, created, short_code }: Organisation) {
  const year = created && `created in ${created.slice(0, 4)}`;
  return [country_code, currency, year, short_code].filter(Boolean).join(' · ');
}
