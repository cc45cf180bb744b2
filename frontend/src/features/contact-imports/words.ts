import type { ImportDecision, ImportGroup, ImportItem, Role } from '@/api/types';
import { count } from '@/lib/plural';
import type { Forecast } from './decisions';

/** In the order of the tabs. */
export const GROUPS: readonly ImportGroup[] = [
  'possible_duplicate',
  'new',
  'matched',
  'unchanged',
  'archived',
];

export const GROUP_LABELS: Record<ImportGroup, string> = {
  possible_duplicate: 'Possible duplicates',
  new: 'New',
  matched: 'Already here',
  unchanged: 'Unchanged',
  archived: 'Archived in Xero',
};

export const GROUP_EMPTY: Record<ImportGroup, string> = {
  possible_duplicate: 'No contact in Xero looks like another one here',
  new: 'Every contact in Xero is here already',
  matched: 'No contact here is waiting to be linked',
  unchanged: 'No contact is linked already',
  archived: 'No contact is archived in Xero',
};

/** What a decision does, the same words in every row and in the bar. */
export const DECISION_LABELS: Record<ImportDecision, string> = {
  same: 'Same: link them',
  different: 'Different: bring in',
  leave_out: 'Leave out',
};

export const decisionLabel = (decision: ImportDecision, group: ImportGroup): string =>
  group === 'new' && decision === 'different' ? 'Bring in' : DECISION_LABELS[decision];

const sum = (n: number, one: string, many: string) => (n === 0 ? null : count(n, one, many));

/** "382 come in new, 98 are linked, 17 stay as they are." */
export function forecastWords({ comeIn, linked, stay }: Forecast): string {
  const parts = [
    sum(comeIn, 'comes in new', 'come in new'),
    sum(linked, 'is linked', 'are linked'),
    sum(stay, 'stays as it is', 'stay as they are'),
  ].filter(Boolean);
  return parts.length > 0 ? `${parts.join(', ')}.` : 'Nothing changes.';
}

export const ROLE_CHOICES: readonly { value: string; label: string; roles: Role[] }[] = [
  { value: 'customer', label: 'Customer', roles: ['customer'] },
  { value: 'supplier', label: 'Supplier', roles: ['supplier'] },
  { value: 'customer supplier', label: 'Customer and supplier', roles: ['customer', 'supplier'] },
  { value: 'contractor', label: 'Contractor', roles: ['contractor'] },
];

/** The second line of a contact in Xero: what tells it from others. */
export function aboutItem({ xero_contact: theirs }: Pick<ImportItem, 'xero_contact'>): string | null {
  if (theirs.email) return theirs.email;
  if (theirs.phone) return theirs.phone;
  if (theirs.tax_number) return `GST ${theirs.tax_number}`;
  return theirs.account_number ? `Account number ${theirs.account_number}` : null;
}
