import { api, unwrap, unwrapTagged } from '@/api/client';
import { takeSpelling } from '@/api/ledger';
import type { components } from '@/api/schema.gen';
import type { CostCenter, Invoice } from '@/api/types';
import { approveInvoices, forEachInvoice, MOST_FIXED } from './bulk-api';
import type { Cause } from './causes';
import { type CureField, linesWith } from './cures';
import { type Outcome, outcomeOf, type SelectedResult } from './outcome';
import { bodyOfIds } from './selection-body';

type LineValues = components['schemas']['LineValues'];

/** A part of the invoices of a cause, and the values that its wrong lines have; `null` where no line is meant. */
type Part = { ids: string[]; only: LineValues | null };

type Cured = { outcome: Outcome; undo: () => Promise<unknown> };

/** Spells the cost centre of a cause as Xero does, which fixes every invoice that has it. */
export async function spellForAll({ ids }: Cause, center: CostCenter): Promise<Cured> {
  return { outcome: { done: ids, withdrawn: [], refused: [] }, undo: await takeSpelling(center) };
}

/** Sets one value on the invoices of a cause: the due date, or a value of exactly those lines that have the wrong one. */
export async function setForAll(cause: Cause, field: CureField, value: string): Promise<Cured> {
  const ids = cause.ids.slice(0, MOST_FIXED);
  const isOfLines = field !== 'due_on' && cause.code !== 'account_code_missing';
  const before = isOfLines ? await readInvoices(ids) : [];
  const results: SelectedResult[] = [];
  for (const part of isOfLines ? partsOfLines(cause, field, before) : [partOf(ids, field)]) {
    const body = {
      selection: bodyOfIds(part.ids),
      set: { [field]: value },
      ...(part.only && { only_lines_with: part.only }),
    };
    const answer = await unwrap(api.POST('/api/v1/invoices/changes', { body }));
    results.push(...answer.results);
  }
  const outcome = outcomeOf(results);
  return { outcome, undo: () => undoForAll(cause, field, value, outcome, before) };
}

/** What has no value yet needs no look at what it has. */
const partOf = (ids: string[], field: CureField): Part => ({
  ids,
  only: field === 'due_on' ? null : { [field]: null },
});

/** Puts back what was there before, on the lines of the cause that still have the value. */
async function undoForAll(
  { lines }: Cause,
  field: CureField,
  value: string,
  { done, withdrawn }: Outcome,
  before: readonly Invoice[],
) {
  if (field === 'due_on') {
    const body = { selection: bodyOfIds(done), set: { due_on: null } };
    return unwrap(api.POST('/api/v1/invoices/changes', { body }));
  }
  const former = new Map(before.map((invoice) => [invoice.id, invoice]));
  await forEachInvoice(done, async (params) => {
    const { value: now, etag } = await unwrapTagged(api.GET('/api/v1/invoices/{invoice_id}', { params }));
    const body = {
      lines: linesWith(now, (line, place) => {
        const isCured = lines.get(now.id)?.includes(place) && line[field] === value;
        return isCured ? { [field]: former.get(now.id)?.lines[place]?.[field] ?? null } : {};
      }),
    };
    await unwrap(api.PATCH('/api/v1/invoices/{invoice_id}', { params, headers: { 'If-Match': etag }, body }));
  });
  if (withdrawn.length > 0) await approveInvoices(withdrawn);
}

/** The invoices by what their wrong lines have now: the same code may stand on a line or come from the default. */
function partsOfLines(
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
  forEachInvoice(ids, (params) => unwrap(api.GET('/api/v1/invoices/{invoice_id}', { params })));
