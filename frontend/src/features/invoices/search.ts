import type { InvoiceFilter, InvoiceKind } from '@/api/types';

export const VIEWS = ['draft', 'ready', 'attention', 'exported', 'all'] as const;
export type View = (typeof VIEWS)[number];

export const SORTS = ['issued_on', '-issued_on', 'number', '-number', 'total', '-total'] as const;
export type Sort = (typeof SORTS)[number];

/** The state of an invoice list, as its address holds it. */
export type InvoicesSearch = {
  view?: View;
  q?: string;
  from?: string;
  to?: string;
  sort?: Sort;
  open?: string;
};

const VIEW_FILTERS: Record<View, InvoiceFilter> = {
  draft: { status: 'draft' },
  ready: { status: 'approved', export_state: 'not_exported' },
  attention: { export_state: 'rejected' },
  exported: { export_state: 'exported' },
  all: {},
};

/** Views in which every invoice may be sent, so that all that match can be ticked at once. */
export const isSendable = (view: View) => view === 'ready' || view === 'attention';

/** What an address narrows the list by, whatever the view. */
export function commonFilter(kind: InvoiceKind, { q, from, to }: InvoicesSearch) {
  return {
    kind,
    ...(q ? { q } : {}),
    ...(from ? { issued_from: from } : {}),
    ...(to ? { issued_to: to } : {}),
  };
}

export const filterOf = (kind: InvoiceKind, search: InvoicesSearch): InvoiceFilter => ({
  ...commonFilter(kind, search),
  ...VIEW_FILTERS[search.view ?? 'ready'],
});
