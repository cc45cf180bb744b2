import {
  type Icon,
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
  IconClock,
  IconPencil,
  IconRefreshAlert,
  IconSearch,
  IconUpload,
} from '@tabler/icons-react';
import type { ExportState, InvoiceSummary } from '@/api/types';
import type { MarkTone } from '@/ui/state-mark';

type Face = { label: string; icon: Icon; tone: MarkTone; untickable: string | null };

const DRAFT: Face = {
  label: 'Draft',
  icon: IconPencil,
  tone: 'quiet',
  untickable: 'Approve this invoice first',
};

const ON_ITS_WAY = 'This invoice is on its way to Xero';

const FACES: Record<ExportState, Face> = {
  not_exported: { label: 'Ready', icon: IconCircleDashed, tone: 'brand', untickable: null },
  queued: { label: 'Waiting', icon: IconClock, tone: 'quiet', untickable: ON_ITS_WAY },
  sending: { label: 'Sending', icon: IconUpload, tone: 'brand', untickable: ON_ITS_WAY },
  checking: { label: 'Checking with Xero', icon: IconSearch, tone: 'brand', untickable: ON_ITS_WAY },
  exported: {
    label: 'In Xero',
    icon: IconCircleCheck,
    tone: 'ok',
    untickable: 'This invoice is in Xero already',
  },
  changed: {
    label: 'Changed since sent',
    icon: IconRefreshAlert,
    tone: 'warn',
    untickable: 'This invoice is in Xero already',
  },
  voided: {
    label: 'Voided in Xero',
    icon: IconAlertTriangle,
    tone: 'warn',
    untickable: 'This invoice was voided in Xero',
  },
  excluded: { label: 'Not to be sent', icon: IconBan, tone: 'quiet', untickable: 'Marked as not to be sent' },
};

const NEEDS_FIX: Face = { label: 'Needs a fix', icon: IconAlertTriangle, tone: 'warn', untickable: null };

/** How an invoice's state looks and reads, and why it cannot be ticked for export, if it cannot. */
export function faceOf(invoice: Pick<InvoiceSummary, 'status' | 'export_state' | 'problems'>): Face {
  if (invoice.status === 'draft') return DRAFT;
  if (invoice.export_state === 'not_exported' && invoice.problems.length > 0) return NEEDS_FIX;
  return FACES[invoice.export_state];
}
