import type { Role } from '@/api/types';
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
