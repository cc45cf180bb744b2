import { Button, Group, Radio, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { isProblem } from '@/api/problem';
import type { Connection, Organisation } from '@/api/types';
import { Card } from '@/ui/card';
import { ProblemNote } from '@/ui/problem-note';
import { toastDone } from '@/ui/toast';
import { useOverlay } from '@/ui/use-overlay';
import { organisationsQuery, useChooseOrganisation } from './api';
import { SwitchDialog } from './switch-dialog';

/** Shown when Xero granted more than one organisation: which of them is this business? */
export function ChooseOrganisation({ connection }: { connection: Connection }) {
  const { data } = useQuery(organisationsQuery);
  const [chosen, setChosen] = useState<string | null>(connection.organisation_id);
  const dialog = useOverlay('switch');
  const choose = useChooseOrganisation();
  const organisations = data?.items ?? [];
  if (organisations.length === 0) return null;

  const picked = organisations.find(({ organisation_id }) => organisation_id === chosen);
  const isSwitch = isOther(choose.error);
  const select = (id: string) => {
    setChosen(id);
    choose.reset();
  };
  const go = (confirm_switch?: string) => {
    if (!picked) return;
    choose.mutate(
      { organisation_id: picked.organisation_id, ...(confirm_switch ? { confirm_switch } : {}) },
      {
        onSuccess: (now) => {
          dialog.close();
          toastDone(`Connected to ${now.organisation_name ?? 'Xero'}`);
        },
        onError: (error) => isOther(error) && dialog.open(),
      },
    );
  };
  return (
    <Card title="Which organisation is this business?">
      {choose.isError && !isSwitch && !dialog.opened && <ProblemNote error={choose.error} />}
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
      <Group>
        <Button
          onClick={() => go()}
          loading={choose.isPending && !dialog.opened}
          disabled={!picked || chosen === connection.organisation_id}
        >
          Use this organisation
        </Button>
      </Group>
      {picked && (
        <SwitchDialog
          opened={dialog.opened}
          onClose={dialog.close}
          from={connection.organisation_name ?? 'another organisation'}
          to={picked}
          onSwitch={go}
          switching={choose.isPending}
          error={isSwitch ? null : choose.error}
        />
      )}
    </Card>
  );
}

const isOther = (error: unknown) => isProblem(error) && error.code === 'other_organisation';

/** What tells two organisations of one name apart. */
function factsOf({ country_code, currency, created, short_code }: Organisation) {
  const year = created && `created in ${created.slice(0, 4)}`;
  return [country_code, currency, year, short_code].filter(Boolean).join(' · ');
}
