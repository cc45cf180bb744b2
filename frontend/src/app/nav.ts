import {
  type Icon,
  IconAddressBook,
  IconAdjustmentsHorizontal,
  IconBox,
  IconDots,
  IconFileInvoice,
  IconHash,
  IconHome,
  IconListCheck,
  IconPlugConnected,
  IconReceiptDollar,
  IconTag,
  IconUpload,
  IconUserCircle,
} from '@tabler/icons-react';
import type { InvoiceKind } from '@/api/types';

/** A page that the navigation leads to; `tab` is its short name in the tab bar of a phone. */
export type NavItem = { to: string; label: string; tab: string; icon: Icon; badge?: InvoiceKind };

/** On a phone it is behind *More*. */
export const EXPORTS: NavItem = { to: '/exports', label: 'Exports', tab: 'Exports', icon: IconUpload };

export const MAIN: readonly NavItem[] = [
  { to: '/home', label: 'Home', tab: 'Home', icon: IconHome },
  {
    to: '/invoices',
    label: 'Customer invoices',
    tab: 'Invoices',
    icon: IconFileInvoice,
    badge: 'customer',
  },
  { to: '/bills', label: 'Supplier invoices', tab: 'Bills', icon: IconReceiptDollar, badge: 'supplier' },
  { to: '/contacts', label: 'Contacts', tab: 'Contacts', icon: IconAddressBook },
  EXPORTS,
];

/** What a phone has a tab for. */
export const TABS: readonly NavItem[] = MAIN.filter((item) => item !== EXPORTS);

export const MORE: NavItem = { to: '/more', label: 'More', tab: 'More', icon: IconDots };

export const SETTINGS: readonly NavItem[] = [
  { to: '/settings/connections', label: 'Connections', tab: 'Connections', icon: IconPlugConnected },
  { to: '/settings/accounting', label: 'Accounting', tab: 'Accounting', icon: IconAdjustmentsHorizontal },
  { to: '/settings/accounting-codes', label: 'Accounting codes', tab: 'Codes', icon: IconHash },
  { to: '/settings/items', label: 'Items', tab: 'Items', icon: IconBox },
  { to: '/settings/cost-centres', label: 'Cost centres', tab: 'Cost centres', icon: IconTag },
  { to: '/settings/status-changes', label: 'Status changes', tab: 'Statuses', icon: IconListCheck },
];

/** Not one of the business's settings: the menu of the account leads to it. */
export const ACCOUNT: NavItem = {
  to: '/settings/account',
  label: 'Your account',
  tab: 'Account',
  icon: IconUserCircle,
};

export const isAt = (path: string, { to }: NavItem) => path === to || path.startsWith(`${to}/`);

/** The item whose page an address belongs to, in the tab bar: what is in no tab is behind *More*. */
export const tabOf = (path: string): NavItem => TABS.find((item) => isAt(path, item)) ?? MORE;

/** The list that an inner page belongs to, and `null` for a page that the navigation leads to. */
export function parentOf(path: string): NavItem | null {
  return [...MAIN, ...SETTINGS].find((item) => path.startsWith(`${item.to}/`)) ?? null;
}
