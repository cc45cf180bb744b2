import { useQuery } from '@tanstack/react-query';
import { costCentersQuery } from '@/api/ledger';
import { preferencesQuery } from '@/api/shared';
import type { Invoice, InvoiceKind, TaxRate } from '@/api/types';
import { twentiethAfter } from '@/lib/dates';
import { HrefLink } from '@/ui/app-link';
import { CodeField } from '@/ui/fields/code-field';
import { CostCenterField } from '@/ui/fields/cost-center-field';
import { DateField } from '@/ui/fields/date-field';
import { ItemField } from '@/ui/fields/item-field';
import { TaxField } from '@/ui/fields/tax-field';
import type { CureField, CurePlace } from './cures';

type FieldProps = {
  field: CureField;
  kind: InvoiceKind;
  value: string | null;
  onChange: (value: string | null) => void;
  /** Why the value in it is proposed. */
  reason: string | undefined;
  /** The tax rates that fit the lines; `null` while they are not known. */
  rates: readonly TaxRate[] | null;
};

/** The field for the one value that fixes a problem. */
export function ValueField({ field, kind, value, onChange, reason, rates }: FieldProps) {
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
      return <TaxField {...shared} kind={kind} rates={rates ?? []} />;
    case 'cost_center_id':
      return <CostCenterField {...shared} />;
    case 'item_code':
      return <ItemField {...shared} />;
  }
}

/** Stands in for the field when no tax rate fits: then the code is wrong. */
export function NoRateFits({ id, number }: { id: string; number?: string }) {
  return (
    <div className="cure">
      <span>No other tax rate fits this code.</span>
      <HrefLink href={`/invoices/${id}/edit`} className="text-link cure-elsewhere">
        {number ? `Choose another code for ${number}` : 'Choose another code'}
      </HrefLink>
    </div>
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
