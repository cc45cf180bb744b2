import type { ExportCheck, InvoiceFilter, SelectionBody } from '@/api/types';
import { countTicked, type Selection } from '@/lib/selection';

/** The ticks as the API takes them; `total` is how many match the filter, its guard against a changed list. */
export function bodyOf(selection: Selection, filter: InvoiceFilter, total: number): SelectionBody {
  if (selection.mode === 'ids') return { mode: 'ids', ids: [...selection.ids] };
  return {
    mode: 'matching',
    filter,
    except_ids: [...selection.except],
    expected_count: countTicked(selection, total),
  };
}

/** The same selection without the invoices that the check found a problem with. */
export function withoutBlocked(body: SelectionBody, check: ExportCheck): SelectionBody {
  const blocked = new Set(check.problems.flatMap((problem) => problem.invoice_ids));
  if (body.mode === 'ids') return { mode: 'ids', ids: body.ids.filter((id) => !blocked.has(id)) };
  return {
    ...body,
    except_ids: [...body.except_ids, ...blocked],
    expected_count: body.expected_count - blocked.size,
  };
}
