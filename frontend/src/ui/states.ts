import {
  type Icon,
  IconAlertTriangle,
  IconArchive,
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClock,
  IconLoader2,
  IconPencil,
  IconPlayerStop,
  IconRefresh,
  IconSearch,
  IconSwitchHorizontal,
  IconUpload,
  IconUserQuestion,
} from '@tabler/icons-react';
import type {
  AccountingCode,
  Contact,
  CostCenter,
  Export,
  ExportState,
  ImportResult,
  InvoiceSummary,
  Item,
  ItemState,
  PushResult,
} from '@/api/types';

/** Amber: you can fix it. Red: Xero said no. Green: it is in Xero. Blue: look. Grey: nothing to do. */
export type Tone = 'quiet' | 'look' | 'ok' | 'warn' | 'bad';

export type Face = { label: string; icon: Icon; tone: Tone };

const face = (label: string, icon: Icon, tone: Tone): Face => ({ label, icon, tone });

/** An invoice's state on the screen: its export state, and what keeps it from being exported. */
export type InvoiceState = ExportState | 'draft' | 'needs_fix' | 'not_accepted' | 'needs_answer';

type States = {
  invoice: InvoiceState;
  run: Export['state'];
  item: ItemState;
  contact: Contact['sync_state'];
  imported: ImportResult;
  pushed: PushResult;
  costCenter: CostCenter['match'];
  code: AccountingCode['ledger_state'];
  catalogue: Item['match'];
  email: 'verified' | 'unverified';
};

/** Every state that a screen shows, by what has it: its word, icon and colour. */
export const FACES: { [Of in keyof States]: Record<States[Of], Face> } = {
  invoice: {
    draft: face('Draft', IconPencil, 'quiet'),
    needs_fix: face('Needs a fix', IconAlertTriangle, 'warn'),
    not_accepted: face('Not accepted', IconCircleX, 'bad'),
    needs_answer: face('Needs an answer', IconAlertTriangle, 'warn'),
    not_exported: face('Ready', IconCircleDashed, 'quiet'),
    queued: face('Waiting', IconClock, 'quiet'),
    sending: face('Sending', IconUpload, 'look'),
    checking: face('Checking with Xero', IconSearch, 'look'),
    exported: face('In Xero', IconCircleCheck, 'ok'),
    changed: face('Changed here since it was exported', IconSwitchHorizontal, 'warn'),
    voided: face('Voided in Xero', IconAlertTriangle, 'warn'),
    excluded: face('Left out', IconBan, 'quiet'),
  },
  run: {
    queued: face('Waiting', IconClock, 'quiet'),
    running: face('Running', IconLoader2, 'look'),
    waiting: face('Waiting', IconClock, 'warn'),
    done: face('Done', IconCircleCheck, 'ok'),
    done_with_errors: face('Done, some need a fix', IconAlertTriangle, 'warn'),
    cancelled: face('Stopped', IconPlayerStop, 'quiet'),
  },
  item: {
    pending: face('Waiting', IconClock, 'quiet'),
    ready: face('Waiting', IconClock, 'quiet'),
    sending: face('Sending', IconUpload, 'look'),
    unknown: face('Checking with Xero', IconSearch, 'look'),
    exported: face('In Xero', IconCircleCheck, 'ok'),
    rejected: face('Not accepted', IconCircleX, 'bad'),
    review: face('Needs a look', IconAlertTriangle, 'warn'),
    blocked: face('Waiting for the connection', IconClock, 'warn'),
    cancelled: face('Stopped', IconPlayerStop, 'quiet'),
  },
  contact: {
    not_sent: face('Not in Xero', IconCircleDashed, 'quiet'),
    in_step: face('In step', IconCircleCheck, 'ok'),
    changed: face('Changed here', IconRefresh, 'look'),
    failed: face('Not accepted', IconCircleX, 'bad'),
    unsure: face('Needs a choice', IconUserQuestion, 'warn'),
  },
  imported: {
    imported: face('New here', IconCircleCheck, 'ok'),
    linked: face('Linked', IconCircleCheck, 'ok'),
    left_out: face('Left out', IconBan, 'quiet'),
    undecided: face('Not decided', IconUserQuestion, 'warn'),
    failed: face('Needs a look', IconAlertTriangle, 'warn'),
  },
  pushed: {
    waiting: face('Waiting', IconClock, 'quiet'),
    created: face('New in Xero', IconCircleCheck, 'ok'),
    updated: face('Updated in Xero', IconCircleCheck, 'ok'),
    unchanged: face('Not changed', IconAlertTriangle, 'warn'),
    unsure: face('Needs a choice', IconUserQuestion, 'warn'),
    failed: face('Not accepted', IconCircleX, 'bad'),
  },
  costCenter: {
    matched: face('Matched', IconCircleCheck, 'ok'),
    spelled_differently: face('Spelled differently', IconAlertTriangle, 'warn'),
    missing: face('Not in Xero', IconAlertTriangle, 'warn'),
    archived: face('Archived in Xero', IconArchive, 'warn'),
    unchecked: face('Not checked', IconCircleDashed, 'quiet'),
  },
  code: {
    matched: face('In Xero', IconCircleCheck, 'ok'),
    unchecked: face('Not checked', IconCircleDashed, 'quiet'),
    archived: face('Archived in Xero', IconArchive, 'warn'),
    wrong_type: face('Wrong type in Xero', IconAlertTriangle, 'warn'),
    missing: face('Not in Xero', IconAlertTriangle, 'warn'),
  },
  catalogue: {
    matched: face('As in Xero', IconCircleCheck, 'ok'),
    differs: face('Different in Xero', IconSwitchHorizontal, 'look'),
    missing: face('Not in Xero', IconAlertTriangle, 'warn'),
    unchecked: face('Not checked', IconCircleDashed, 'quiet'),
  },
  email: {
    verified: face('Confirmed', IconCircleCheck, 'ok'),
    unverified: face('Not confirmed yet', IconAlertTriangle, 'warn'),
  },
};

export type StateName = { [Of in keyof States]: { of: Of; state: States[Of] } }[keyof States];

export const faceOf = ({ of, state }: StateName): Face => (FACES[of] as Record<string, Face>)[state] as Face;

/** The state that an invoice shows: problems stand before *Ready*, and Xero's refusals before our own checks. */
export function invoiceState(
  invoice: Pick<InvoiceSummary, 'status' | 'export_state' | 'problems'>,
): InvoiceState {
  const { export_state: state } = invoice;
  if (state === 'changed' || state === 'voided') return state;
  if (invoice.status === 'draft') return 'draft';
  if (invoice.export_state === 'checking' && invoice.problems.length > 0) return 'needs_answer';
  if (invoice.export_state !== 'not_exported' || invoice.problems.length === 0) return invoice.export_state;
  return invoice.problems[0]?.source === 'xero' ? 'not_accepted' : 'needs_fix';
}
