import type { InvoiceFilter, SelectionBody } from '@/api/types';
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
