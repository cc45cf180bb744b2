import type { InvoiceKind } from '@/api/types';
import type { View } from './search';

type Words = { title: string; intro: string; party: string; number: string; search: string };

export const WORDS: Record<InvoiceKind, Words> = {
  customer: {
    title: 'Customer invoices',
    intro: 'Approved invoices, ready to send to Xero when you are.',
    party: 'Customer',
    number: 'Invoice',
    search: 'Number, customer or job',
  },
  supplier: {
    title: 'Supplier invoices',
    intro: 'Xero calls these bills. Approved ones can be sent.',
    party: 'Supplier',
    number: 'Number',
    search: 'Number, supplier or job',
  },
};

export const VIEW_LABELS: Record<View, string> = {
  ready: 'Ready',
  attention: 'Needs a fix',
  in_progress: 'On the way',
  exported: 'In Xero',
  draft: 'Drafts',
  all: 'All',
};

type Empty = { title: string; text: string };

export const EMPTY: Record<View, Empty> = {
  ready: { title: 'All caught up', text: 'Everything that’s approved is in Xero or on its way.' },
  attention: {
    title: 'Nothing needs a fix',
    text: 'Invoices that Xero doesn’t accept show here, with the reason.',
  },
  in_progress: { title: 'Nothing is on its way', text: 'Invoices that are being sent show here.' },
  exported: { title: 'Nothing in Xero yet', text: 'Invoices show here once Xero has them.' },
  draft: { title: 'No drafts', text: 'Invoices wait here until they’re approved.' },
  all: {
    title: 'No invoices yet',
    text: 'Approve an invoice in your job system and it shows here.',
  },
};
