import type { InvoiceFilter, InvoiceKind } from '@/api/types';

export const VIEWS = ['ready', 'attention', 'in_progress', 'exported', 'draft', 'all'] as const;
export type View = (typeof VIEWS)[number];

export const SORTS = ['issued_on', '-issued_on', 'number', '-number', 'total', '-total'] as const;
export type Sort = (typeof SORTS)[number];

/** The state of an invoice list, as its address holds it. */
export type InvoicesSearch = {
  view?: View;
  /** The code of a problem that they have. */
  problem?: string;
  q?: string;
  from?: string;
  to?: string;
  sort?: Sort;
  open?: string;
};

const VIEW_FILTERS: Record<View, InvoiceFilter> = {
  draft: { view: 'draft' },
  ready: { view: 'ready' },
  attention: { view: 'attention' },
  in_progress: { view: 'in_progress' },
  exported: { view: 'exported' },
  all: {},
};

/** The filter that an address stands for. */
export const filterOf = (
  kind: InvoiceKind,
  { view, problem, q, from, to }: InvoicesSearch,
): InvoiceFilter => ({
  kind,
  ...VIEW_FILTERS[view ?? 'ready'],
  ...(problem ? { problem } : {}),
  ...(q ? { q } : {}),
  ...(from ? { issued_from: from } : {}),
  ...(to ? { issued_to: to } : {}),
});

/** Whether an address narrows its view any further. */
export const isNarrowed = ({ problem, q, from, to }: InvoicesSearch) => Boolean(problem || q || from || to);
