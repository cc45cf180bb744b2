import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Tagged } from '@/api/client';
import type { Invoice, ResourceProblem } from '@/api/types';
import { HrefButton } from '@/ui/app-link';
import { ProblemNote } from '@/ui/problem-note';
import { useProposal, ValueField } from './cure-field';
import { type CurePlace, curePlace, useCure } from './cures';

type Props = { problem: ResourceProblem; invoice: Tagged<Invoice> };

/** The field that fixes a problem, where it is shown; nothing for problems that one value does not fix. */
export function Cure({ problem, invoice }: Props) {
  const place = curePlace(problem);
  return place && <CureForm place={place} invoice={invoice} fix={problem.fix} />;
}

const BUTTONS = {
  due_on: 'Set due date',
  accounting_code: 'Set code',
  tax_type: 'Set tax',
  cost_center_id: 'Set cost centre',
  item_code: 'Set item',
} as const;

type FormProps = { place: CurePlace; invoice: Tagged<Invoice>; fix: ResourceProblem['fix'] };

function CureForm({ place, invoice, fix }: FormProps) {
  const cure = useCure(invoice);
  const proposed = useProposal(place, invoice.value);
  const [chosen, setChosen] = useState<string | null>(null);
  const value = chosen ?? proposed?.value ?? null;
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
        reason={chosen === null || chosen === proposed?.value ? proposed?.reason : undefined}
      />
      <Button type="submit" size="xs" variant="default" disabled={!value} loading={cure.isPending}>
        {BUTTONS[place.field]}
      </Button>
      {/* Without a likely value, the cause may be a setting. */}
      {!proposed && fix && (
        <HrefButton href={fix.href} size="xs" variant="subtle">
          {fix.label}
        </HrefButton>
      )}
      {cure.isError && <ProblemNote error={cure.error} />}
    </form>
  );
}
