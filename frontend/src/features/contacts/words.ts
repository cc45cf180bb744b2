import {
  type Icon,
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconRefresh,
} from '@tabler/icons-react';
import type { Contact, Role } from '@/api/types';
import type { MarkTone } from '@/ui/state-mark';

export const ROLE_LABELS: Record<Role, string> = {
  customer: 'Customer',
  supplier: 'Supplier',
  contractor: 'Contractor',
};

export const ROLE_TABS = [
  ['all', 'All'],
  ['customer', 'Customers'],
  ['supplier', 'Suppliers'],
  ['contractor', 'Contractors'],
] as const;

export const SYNC_FACES: Record<Contact['sync_state'], { label: string; icon: Icon; tone: MarkTone }> = {
  not_sent: { label: 'Not in Xero', icon: IconCircleDashed, tone: 'quiet' },
  in_step: { label: 'In step', icon: IconCircleCheck, tone: 'ok' },
  changed: { label: 'Differs from Xero', icon: IconRefresh, tone: 'brand' },
  failed: { label: 'Needs a fix', icon: IconAlertTriangle, tone: 'warn' },
  unsure: { label: 'Who is this in Xero?', icon: IconAlertTriangle, tone: 'warn' },
};
