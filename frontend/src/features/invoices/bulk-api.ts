import { api, unwrap } from '@/api/client';
import type { components } from '@/api/schema.gen';
import type { Invoice, SelectionBody } from '@/api/types';
import type { Cause } from './causes';
import type { CureField } from './cures';
import { type Outcome, outcomeOf, type SelectedResult } from './outcome';
import { bodyOfIds } from './selection-body';

type LineValues = components['schemas']['LineValues'];

/** A part of the invoices of a cause, and the values that its wrong lines have; `null` where no line is meant. */
type Part = { ids: string[]; only: LineValues | null };

/** The most invoices that one value is set for at once: each is read before, to leave its good lines alone. */
export const MOST_FIXED = 200;
const TOGETHER = 6;

/** Sets one value on the invoices of a cause: the due date, or a value of exactly those lines that have the wrong one. */
export async function setForAll(cause: Cause, field: CureField, value: string): Promise<Outcome> {
  const results: SelectedResult[] = [];
  for (const { ids, only } of await partsOf(cause, field)) {
    const body = {
      selection: bodyOfIds(ids),
      set: { [field]: value },
      ...(only && { only_lines_with: only }),
    };
    const answer = await unwrap(api.POST('/api/v1/invoices/changes', { body }));
    results.push(...answer.results);
  }
  return outcomeOf(results);
}

async function partsOf(cause: Cause, field: CureField): Promise<Part[]> {
  const ids = cause.ids.slice(0, MOST_FIXED);
  if (field === 'due_on') return [{ ids, only: null }];
  if (cause.code === 'account_code_missing') return [{ ids, only: { accounting_code: null } }];
  return partsOfLines(cause, field, await readInvoices(ids));
}

/** The invoices by what their wrong lines have now: the same code may stand on a line or come from the default. */
export function partsOfLines(
  { code, lines }: Pick<Cause, 'code' | 'lines'>,
  field: Exclude<CureField, 'due_on'>,
  invoices: readonly Invoice[],
): Part[] {
  const parts = new Map<string, { ids: Set<string>; only: LineValues }>();
  for (const invoice of invoices) {
    for (const place of lines.get(invoice.id) ?? []) {
      const line = invoice.lines[place];
      if (!line) continue;
      const only: LineValues = { [field]: line[field] };
      // A tax rate that doesn't fit one account may well fit another.
      if (code === 'tax_code_mismatch') only.accounting_code = line.accounting_code;
      const key = JSON.stringify(only);
      const part = parts.get(key) ?? { ids: new Set(), only };
      part.ids.add(invoice.id);
      parts.set(key, part);
    }
  }
  return [...parts.values()].map(({ ids, only }) => ({ ids: [...ids], only }));
}

const readInvoices = (ids: readonly string[]): Promise<Invoice[]> =>
  forEach(ids, (params) => unwrap(api.GET('/api/v1/invoices/{invoice_id}', { params })));

/** One request for each invoice, a few at the same time. */
async function forEach<Answer>(
  ids: readonly string[],
  ask: (params: { path: { invoice_id: string } }) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let start = 0; start < ids.length; start += TOGETHER) {
    const some = ids.slice(start, start + TOGETHER);
    answers.push(...(await Promise.all(some.map((id) => ask({ path: { invoice_id: id } })))));
  }
  return answers;
}

export async function approveInvoices(ids: readonly string[]): Promise<Outcome> {
  const body = { selection: bodyOfIds(ids) };
  return outcomeOf((await unwrap(api.POST('/api/v1/invoices/approvals', { body }))).results);
}

export const leaveOutInvoices = (selection: SelectionBody): Promise<Outcome> => exclude(selection, true);

/** The way back from leaving them out. */
export const takeInInvoices = (ids: readonly string[]): Promise<Outcome> => exclude(bodyOfIds(ids), false);

async function exclude(selection: SelectionBody, excluded: boolean): Promise<Outcome> {
  const body = { selection, excluded };
  return outcomeOf((await unwrap(api.POST('/api/v1/invoices/exclusions', { body }))).results);
}
