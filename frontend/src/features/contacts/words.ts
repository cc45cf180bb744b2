import type { HistoryEvent, Role } from '@/api/types';
import { FACES } from '@/ui/states';
import type { SyncState } from './search';

export const ROLE_LABELS: Record<Role, string> = {
  customer: 'Customer',
  supplier: 'Supplier',
  contractor: 'Contractor',
};

export const ROLE_OPTIONS: { value: Role; label: string }[] = [
  { value: 'customer', label: 'Customers' },
  { value: 'supplier', label: 'Suppliers' },
  { value: 'contractor', label: 'Contractors' },
];

export const stateLabel = (state: SyncState) => FACES.contact[state].label;

const FIELD_LABELS: Record<string, string> = {
  name: 'name',
  first_name: 'first name',
  last_name: 'last name',
  email: 'e-mail',
  phone: 'phone',
  address: 'address',
  tax_number: 'GST number or ABN',
  payer_reference: 'payer reference',
  external_id: 'number in the job system',
  kind: 'kind',
  roles: 'roles',
};

const ACTIONS: Record<string, string> = {
  'contacts.create': 'Added',
  'contacts.delete': 'Deleted',
};

/** What was done with a contact, as a line of its history. */
export function eventWords({ action, details }: HistoryEvent): string {
  if (action !== 'contacts.change')
    return ACTIONS[action] ?? action.replace(/^.*\./, '').replaceAll('_', ' ');
  const fields = Array.isArray(details.fields) ? details.fields.map(String) : [];
  const names = fields.map((field) => FIELD_LABELS[field] ?? field);
  return names.length > 0 ? `Changed: ${names.join(', ')}` : 'Changed';
}
