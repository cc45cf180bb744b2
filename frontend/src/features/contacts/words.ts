import type { Role } from '@/api/types';

export const ROLE_LABELS: Record<Role, string> = {
  customer: 'Customer',
  supplier: 'Supplier',
  contractor: 'Contractor',
};

export const ROLE_TABS = [
  { value: 'all', label: 'All' },
  { value: 'customer', label: 'Customers' },
  { value: 'supplier', label: 'Suppliers' },
  { value: 'contractor', label: 'Contractors' },
] as const;
