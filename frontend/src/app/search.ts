import type { CodeKind, PushResult } from '@/api/types';
import { type ContactsSearch, SYNC_STATES } from '@/features/contacts/search';
import { type InvoicesSearch, SORTS, VIEWS } from '@/features/invoices/search';
import type { ItemsSearch } from '@/features/items/items-page';

type Raw = Record<string, unknown>;

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
const day = (value: unknown) =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;
const code = (value: unknown) =>
  typeof value === 'string' && /^[a-z][a-z0-9_]{0,99}$/.test(value) ? value : undefined;
const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined =>
  values.find((one) => one === value);

// Anything unknown in an address is dropped: a link from last year still opens the page.
export const invoicesSearch = (raw: Raw): InvoicesSearch => ({
  view: oneOf(VIEWS, raw.view),
  problem: code(raw.problem),
  q: text(raw.q),
  from: day(raw.from),
  to: day(raw.to),
  sort: oneOf(SORTS, raw.sort),
  open: text(raw.open),
});

export const returnSearch = (raw: Raw): { return_to?: string } => {
  const address = text(raw.return_to);
  // Only an address of this app: "//elsewhere" and "/\elsewhere" would leave it.
  return { return_to: address && /^\/(?![/\\])/.test(address) ? address : undefined };
};

export const connectionSearch = (raw: Raw): { problem?: string } => ({ problem: text(raw.problem) });

export type ResultFilter = 'rejected' | 'exported';
export const exportSearch = (raw: Raw): { result?: ResultFilter } => ({
  result: oneOf(['rejected', 'exported'] as const, raw.result),
});

/** The preview or the import that the wizard shows. */
export const importSearch = (raw: Raw): { id?: string; decide?: 'rest' } => ({
  id: text(raw.id),
  decide: oneOf(['rest'] as const, raw.decide),
});

export const pushSearch = (raw: Raw): { result?: PushResult } => ({
  result: oneOf(['unsure', 'failed', 'created', 'updated', 'unchanged'] as const, raw.result),
});

export const contactsSearch = (raw: Raw): ContactsSearch => ({
  role: oneOf(['customer', 'supplier', 'contractor'] as const, raw.role),
  state: oneOf(SYNC_STATES, raw.state),
  q: text(raw.q),
});

export const kindSearch = (raw: Raw): { kind?: CodeKind } => ({
  kind: oneOf(['income', 'expense'] as const, raw.kind),
});

export const itemsSearch = (raw: Raw): ItemsSearch => ({
  q: text(raw.q),
  match: oneOf(['differs', 'missing'] as const, raw.match),
});

export const costCentreSearch = (raw: Raw): { show?: 'unmatched' } => ({
  show: oneOf(['unmatched'] as const, raw.show),
});
