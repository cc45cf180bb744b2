import type { components } from '@/api/schema.gen';
import type { Invoice, ResourceProblem } from '@/api/types';

export type Change = components['schemas']['InvoiceChange'];
type Line = components['schemas']['LineIn'];

/** The field that one value fixes; all but the due date belong to a line. */
export type CureField = 'due_on' | 'accounting_code' | 'tax_type' | 'cost_center_id' | 'item_code';

/** The field, and the lines that it is set on; none for a field of the invoice itself. */
export type CurePlace = { field: CureField; lines: readonly number[] };

const FIELDS: Record<string, CureField> = {
  due_date_missing: 'due_on',
  due_date_before_date: 'due_on',
  account_code_missing: 'accounting_code',
  account_code_unknown: 'accounting_code',
  account_code_archived: 'accounting_code',
  account_code_wrong_type: 'accounting_code',
  tax_code_mismatch: 'tax_type',
  tax_type_unknown: 'tax_type',
  tax_type_missing: 'tax_type',
  cost_center_unmatched: 'cost_center_id',
  item_unknown: 'item_code',
};

/** The field whose value fixes a problem of this code, if one value does. */
export const cureFieldOf = (code: string): CureField | null => FIELDS[code] ?? null;

/** The place of the line that a problem is about. */
export function lineOf({ pointer }: Pick<ResourceProblem, 'pointer'>): number | null {
  const line = /^#\/lines\/(\d+)/.exec(pointer ?? '')?.[1];
  return line === undefined ? null : Number(line);
}

/** Where one value fixes a problem of these lines, if one does. */
export function curePlace(
  { code }: Pick<ResourceProblem, 'code'>,
  lines: readonly number[],
): CurePlace | null {
  const field = cureFieldOf(code);
  if (!field) return null;
  if (field === 'due_on') return { field, lines: [] };
  return lines.length === 0 ? null : { field, lines };
}

/** The change that puts a value in its place. Lines are sent whole, as the API takes them. */
export function changeFor(invoice: Invoice, { field, lines }: CurePlace, value: string): Change {
  if (field === 'due_on') return { due_on: value };
  return { lines: linesWith(invoice, (_, place) => (lines.includes(place) ? { [field]: value } : {})) };
}

/** The lines as the API takes them, each with what `change` says of it. */
export const linesWith = (
  { lines }: Pick<Invoice, 'lines'>,
  change: (line: Invoice['lines'][number], place: number) => Partial<Line>,
): Line[] =>
  lines.map((given, place) => {
    const { id: _, tax_rate: __, line_amount: ___, tax_amount: ____, ...kept } = given;
    return { ...kept, ...change(given, place) };
  });

const DONE: Record<CureField, string> = {
  due_on: 'Due date set',
  accounting_code: 'Code set',
  tax_type: 'Tax set',
  cost_center_id: 'Cost centre set',
  item_code: 'Item set',
};

/** "Code set for 3 invoices" */
export const curedWords = (field: CureField, what: string) => `${DONE[field]} for ${what}`;
