import type { InvoiceKind, KindCounts } from '@/api/types';
import type { Tab } from '@/ui/index/tab-row';
import { VIEWS, type View } from './search';

type Words = { title: string; party: string; number: string; search: string };

export const WORDS: Record<InvoiceKind, Words> = {
  customer: {
    title: 'Customer invoices',
    party: 'Customer',
    number: 'Invoice',
    search: 'Number, customer or job',
  },
  supplier: {
    title: 'Supplier invoices',
    party: 'Supplier',
    number: 'Number',
    search: 'Number, supplier or job',
  },
};

const VIEW_LABELS: Record<View, string> = {
  ready: 'Ready',
  attention: 'Needs attention',
  in_progress: 'In progress',
  exported: 'In Xero',
  draft: 'Drafts',
  all: 'All',
};

/** How many invoices a view holds. */
export const countOf = (counts: KindCounts, view: View): number =>
  view === 'attention' ? counts.needs_attention : counts[view];

/** The views as tabs. What is on its way is soon elsewhere: its tab is there only while it has something to show. */
export const tabsOf = (counts: KindCounts | undefined, view: View): Tab<View>[] =>
  VIEWS.filter((one) => one !== 'in_progress' || one === view || counts?.in_progress).map((one) => ({
    value: one,
    label: VIEW_LABELS[one],
    count: counts && countOf(counts, one),
    warns: one === 'attention',
  }));

/** What an answer to a problem leads to, and what happens if it is wrong. */
export const RISKS: Record<string, string> = {
  was_sent:
    'It counts as exported and isn’t sent any more. If Xero doesn’t have it after all, it stays missing there.',
  same: 'It is linked with the document in Xero and counts as exported. Nothing is sent. You can unlink it later.',
  different:
    'It can be exported, and this document isn’t asked about again. If it is the same after all, it is then in Xero twice.',
  keep: 'It is linked with this document and counts as exported. Nothing is sent. Void or delete the others in Xero.',
  look_again:
    'Xero is read again. Once only one document is left there, look again: it is then linked and counts as exported.',
  was_not_sent: 'It can be exported again. If Xero has it after all, the same invoice is then in Xero twice.',
};

type Empty = { title: string; text: string };

export const EMPTY: Record<View, Empty> = {
  ready: { title: 'All caught up', text: 'Everything that’s approved is in Xero, on its way or left out.' },
  attention: {
    title: 'Nothing needs a fix',
    text: 'Invoices that Xero wouldn’t accept show here before they are sent, with the reason.',
  },
  in_progress: { title: 'Nothing is on its way', text: 'Invoices that are being exported show here.' },
  exported: { title: 'Nothing in Xero yet', text: 'Invoices show here once Xero has them.' },
  draft: { title: 'No drafts', text: 'Invoices wait here until they’re approved.' },
  all: {
    title: 'No invoices yet',
    text: 'Approve an invoice in your job system and it shows here.',
  },
};
