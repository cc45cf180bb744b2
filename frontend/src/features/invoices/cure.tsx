import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Tagged } from '@/api/client';
import { costCentersQuery, nameInXero } from '@/api/ledger';
import type { Invoice, ResourceProblem } from '@/api/types';
import { HrefLink } from '@/ui/app-link';
import { ProblemNote } from '@/ui/problem-note';
import { NoRateFits, useProposal, ValueField } from './cure-field';
import type { CurePlace } from './cures';
import { stillOffered, useFittingRates } from './fitting-rates';
import { useCure } from './use-cure';

const BUTTONS = {
  due_on: 'Set due date',
  accounting_code: 'Set code',
  tax_type: 'Set tax',
  cost_center_id: 'Set cost centre',
  item_code: 'Set item',
} as const;

type Props = { place: CurePlace; invoice: Tagged<Invoice>; fix: ResourceProblem['fix'] };

/** The field that fixes a problem, where it is shown. */
export function Cure({ place, invoice, fix }: Props) {
  const cure = useCure(invoice);
  const proposed = useProposal(place, invoice.value);
  const [chosen, setChosen] = useState<string | null>(null);
  const rates = useFittingRates(place, invoice.value);
  const value = stillOffered(chosen, rates) ?? proposed?.value ?? null;
  const center = useQuery(costCentersQuery).data?.find(({ id }) => id === value);
  if (rates?.length === 0) return <NoRateFits id={invoice.value.id} />;
  return (
    <form
      className="cure"
      onSubmit={(event) => {
        event.preventDefault();
        if (value) cure.mutate({ place, value });
      }}
    >
      <ValueField
        field={place.field}
        kind={invoice.value.kind}
        value={value}
        onChange={setChosen}
        rates={rates}
        reason={chosen === null || chosen === proposed?.value ? proposed?.reason : undefined}
      />
      <Button type="submit" size="xs" variant="default" disabled={!value} loading={cure.isPending}>
        {center ? `Use ${nameInXero(center)}` : BUTTONS[place.field]}
      </Button>
      {/* Without a likely value, the cause may be a setting. */}
      {!proposed && fix && (
        <HrefLink href={fix.href} className="text-link cure-elsewhere">
          {fix.label}
        </HrefLink>
      )}
      {cure.isError && <ProblemNote error={cure.error} />}
    </form>
  );
}
