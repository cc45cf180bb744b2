import { Button, Select, type SelectProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Tagged } from '@/api/client';
import { costCentersQuery, taxRatesQuery } from '@/api/ledger';
import { preferencesQuery } from '@/api/shared';
import type { Invoice, ResourceProblem } from '@/api/types';
import { twentiethAfter } from '@/lib/dates';
import { HrefButton } from '@/ui/app-link';
import { CodeField } from '@/ui/fields/code-field';
import { DateField } from '@/ui/fields/date-field';
import { ProblemNote } from '@/ui/problem-note';
import { type CurePlace, curePlace, useCure } from './cures';

type Props = { problem: ResourceProblem; invoice: Tagged<Invoice> };

/** The field that mends a problem, where it is shown; nothing for problems that one value does not mend. */
export function Cure({ problem, invoice }: Props) {
  const place = curePlace(problem);
  return place && <CureForm place={place} invoice={invoice} fix={problem.fix} />;
}

const BUTTONS = {
  due_on: 'Set due date',
  accounting_code: 'Set code',
  tax_type: 'Set tax',
  cost_center_id: 'Set cost centre',
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
      <CureField
        place={place}
        invoice={invoice.value}
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

type FieldProps = {
  place: CurePlace;
  invoice: Invoice;
  value: string | null;
  onChange: (value: string | null) => void;
  reason: string | undefined;
};

function CureField({ place, invoice, value, onChange, reason }: FieldProps) {
  const shared = { size: 'xs', value, onChange, description: reason, className: 'cure-field' } as const;
  switch (place.field) {
    case 'due_on':
      return <DateField {...shared} aria-label="Due date" placeholder="20 Dec 2026" />;
    case 'accounting_code':
      return (
        <CodeField
          {...shared}
          aria-label="Accounting code"
          kind={invoice.kind === 'customer' ? 'income' : 'expense'}
        />
      );
    case 'tax_type':
      return <TaxSelect {...shared} />;
    case 'cost_center_id':
      return <CostCenterSelect {...shared} />;
  }
}

function TaxSelect(props: SelectProps) {
  const rates = useQuery(taxRatesQuery).data ?? [];
  const options = rates.map((rate) => ({ value: rate.tax_type, label: rate.name }));
  return <Select aria-label="Tax" placeholder="Pick a tax rate" searchable data={options} {...props} />;
}

function CostCenterSelect(props: SelectProps) {
  const centers = useQuery(costCentersQuery).data ?? [];
  const options = centers
    .filter((center) => center.match === 'matched')
    .map((center) => ({ value: center.id, label: center.name }));
  return (
    <Select aria-label="Cost centre" placeholder="Pick a cost centre" searchable data={options} {...props} />
  );
}

type Proposal = { value: string; reason: string };

/** A value that is likely to be meant, and why: only ever proposed, never set by itself. */
function useProposal({ field, line }: CurePlace, invoice: Invoice): Proposal | null {
  const preferences = useQuery(preferencesQuery).data?.value;
  const centers = useQuery(costCentersQuery).data ?? [];
  if (field === 'due_on') {
    return { value: twentiethAfter(invoice.issued_on), reason: 'The 20th of the next month' };
  }
  if (field === 'accounting_code') {
    const name = invoice.kind === 'customer' ? 'default_income_code' : 'default_expense_code';
    const code = preferences?.[name];
    return code ? { value: code, reason: 'Your default' } : null;
  }
  if (field === 'cost_center_id') {
    const given = centers.find((center) => center.id === invoice.lines[line ?? 0]?.cost_center_id);
    const close = centers.find(
      (center) => given && center.match === 'matched' && bare(center.name) === bare(given.name),
    );
    return close ? { value: close.id, reason: 'Did you mean' } : null;
  }
  return null;
}

/** A name without what is easily typed differently: case, spaces, macrons. */
const bare = (name: string) =>
  name
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
