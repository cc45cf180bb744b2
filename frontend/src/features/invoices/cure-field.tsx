import { Select, type SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { costCentersQuery, itemsQuery, nameInXero, taxRatesQuery } from '@/api/ledger';
import { preferencesQuery } from '@/api/shared';
import type { Invoice, InvoiceKind } from '@/api/types';
import { twentiethAfter } from '@/lib/dates';
import { CodeField } from '@/ui/fields/code-field';
import { DateField } from '@/ui/fields/date-field';
import type { CureField, CurePlace } from './cures';

type FieldProps = {
  field: CureField;
  kind: InvoiceKind;
  value: string | null;
  onChange: (value: string | null) => void;
  /** Why the value in it is proposed. */
  reason: string | undefined;
};

/** The field for the one value that fixes a problem. */
export function ValueField({ field, kind, value, onChange, reason }: FieldProps) {
  const shared = { size: 'xs', value, onChange, description: reason, className: 'cure-field' } as const;
  switch (field) {
    case 'due_on':
      return <DateField {...shared} aria-label="Due date" placeholder="20 Dec 2026" />;
    case 'accounting_code':
      return (
        <CodeField
          {...shared}
          aria-label="Accounting code"
          kind={kind === 'customer' ? 'income' : 'expense'}
        />
      );
    case 'tax_type':
      return <TaxSelect {...shared} />;
    case 'cost_center_id':
      return <CostCenterSelect {...shared} />;
    case 'item_code':
      return <ItemSelect {...shared} />;
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
    .filter(({ match }) => match === 'matched' || match === 'spelled_differently')
    .map((center) => ({ value: center.id, label: nameInXero(center) }));
  return (
    <Select aria-label="Cost centre" placeholder="Pick a cost centre" searchable data={options} {...props} />
  );
}

/** The items that Xero has; the first 200 that match what is typed. */
function ItemSelect(props: SelectProps) {
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState('');
  const [q] = useDebouncedValue(asked.trim(), 250);
  const pages = useInfiniteQuery(itemsQuery(q ? { q } : {})).data?.pages ?? [];
  const options = (pages[0]?.items ?? [])
    .filter(({ match }) => match === 'matched' || match === 'differs')
    .map(({ code, name }) => ({ value: code, label: `${code} ${name}` }));
  const search = (text: string) => {
    setTyped(text);
    // A choice writes its label into the field, which is nothing to search for.
    if (!options.some(({ label }) => label === text)) setAsked(text);
  };
  return (
    <Select
      aria-label="Item"
      placeholder="Pick an item"
      searchable
      searchValue={typed}
      onSearchChange={search}
      // The server has searched already.
      filter={({ options: all }) => all}
      data={options}
      {...props}
    />
  );
}

type Proposal = { value: string; reason: string };

/** A value that is likely to be meant, and why: only ever proposed, never set by itself. */
export function useProposal(
  { field, lines: [line = 0] }: CurePlace,
  invoice: Invoice | undefined,
): Proposal | null {
  const preferences = useQuery(preferencesQuery).data?.value;
  const centers = useQuery(costCentersQuery).data ?? [];
  if (!invoice) return null;
  if (field === 'due_on') {
    return { value: twentiethAfter(invoice.issued_on), reason: 'The 20th of the next month' };
  }
  if (field === 'accounting_code') {
    const name = invoice.kind === 'customer' ? 'default_income_code' : 'default_expense_code';
    const code = preferences?.[name];
    // The default is no cure for a line that has it already, or that takes it because it has none.
    const present = invoice.lines[line]?.accounting_code ?? code;
    return code && code !== present ? { value: code, reason: 'Your default' } : null;
  }
  if (field === 'cost_center_id') {
    const given = centers.find((center) => center.id === invoice.lines[line]?.cost_center_id);
    if (given?.match === 'spelled_differently') return { value: given.id, reason: 'Did you mean' };
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
