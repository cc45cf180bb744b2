import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Tagged, unwrap } from '@/api/client';
import type { components } from '@/api/schema.gen';
import type { Invoice, ResourceProblem } from '@/api/types';
import { toastDone } from '@/ui/toast';

type Change = components['schemas']['InvoiceChange'];
type Line = components['schemas']['LineIn'];

/** The field that one value fixes; all but the due date belong to a line. */
export type CureField = 'due_on' | 'accounting_code' | 'tax_type' | 'cost_center_id';

export type CurePlace = { field: CureField; line: number | null };

const FIELDS: Record<string, CureField> = {
  due_date_missing: 'due_on',
  account_code_missing: 'accounting_code',
  account_code_unknown: 'accounting_code',
  account_code_archived: 'accounting_code',
  account_code_wrong_type: 'accounting_code',
  tax_code_mismatch: 'tax_type',
  tax_type_unknown: 'tax_type',
  cost_center_unmatched: 'cost_center_id',
};

/** The field whose value fixes a problem of this code, if one value does. */
export const cureFieldOf = (code: string): CureField | null => FIELDS[code] ?? null;

/** The place of the line that a problem is about. */
export function lineOf({ pointer }: Pick<ResourceProblem, 'pointer'>): number | null {
  const line = /^#\/lines\/(\d+)/.exec(pointer ?? '')?.[1];
  return line === undefined ? null : Number(line);
}

/** Where one value fixes a problem, if one does. */
export function curePlace(problem: Pick<ResourceProblem, 'code' | 'pointer'>): CurePlace | null {
  const field = cureFieldOf(problem.code);
  if (!field) return null;
  if (field === 'due_on') return { field, line: null };
  const line = lineOf(problem);
  return line === null ? null : { field, line };
}

/** The change that puts a value in its place. Lines are sent whole, as the API takes them. */
export function changeFor(invoice: Invoice, { field, line }: CurePlace, value: string): Change {
  if (field === 'due_on') return { due_on: value };
  return {
    lines: invoice.lines.map((given, place): Line => {
      const { id: _, tax_rate: __, line_amount: ___, tax_amount: ____, ...kept } = given;
      return place === line ? { ...kept, [field]: value } : kept;
    }),
  };
}

/** Fixes one invoice, under the version that was read. */
export function useCure({ value: invoice, etag }: Tagged<Invoice>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ place, value }: { place: CurePlace; value: string }) =>
      unwrap(
        api.PATCH('/api/v1/invoices/{invoice_id}', {
          params: { path: { invoice_id: invoice.id } },
          headers: { 'If-Match': etag },
          body: changeFor(invoice, place, value),
        }),
      ),
    onSuccess: ({ approval_withdrawn }) => {
      client.invalidateQueries({ queryKey: ['invoices'] });
      if (approval_withdrawn) {
        toastDone('The approval was withdrawn', 'The total has changed: approve it again to export it.');
      }
    },
  });
}
