import {
  type Icon,
  IconAdjustments,
  IconFileInvoice,
  IconHash,
  IconListDetails,
  IconPlugConnected,
  IconReceipt,
  IconTag,
  IconUpload,
  IconUsers,
} from '@tabler/icons-react';
import type { InvoiceKind } from '@/api/types';

export type NavItem = { to: string; label: string; icon: Icon; badge?: InvoiceKind };

export const MAIN: readonly NavItem[] = [
  { to: '/invoices', label: 'Customer invoices', icon: IconFileInvoice, badge: 'customer' },
  { to: '/bills', label: 'Supplier invoices', icon: IconReceipt, badge: 'supplier' },
  { to: '/contacts', label: 'Contacts', icon: IconUsers },
  { to: '/exports', label: 'Exports', icon: IconUpload },
];

export const SETTINGS: readonly NavItem[] = [
  { to: '/settings/connections', label: 'Connections', icon: IconPlugConnected },
  { to: '/settings/accounting', label: 'Accounting', icon: IconAdjustments },
  { to: '/settings/accounting-codes', label: 'Accounting codes', icon: IconHash },
  { to: '/settings/cost-centres', label: 'Cost centres', icon: IconTag },
  { to: '/settings/status-changes', label: 'Status changes', icon: IconListDetails },
];
