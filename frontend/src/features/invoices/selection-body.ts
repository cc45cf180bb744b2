import type { InvoiceFilter, SelectionBody } from '@/api/types';
import { countTicked, everything, type Selection } from '@/lib/selection';
import type { TickedInvoice } from './tickable';

/** The ticks as the API takes them; `total` is how many match the filter, its guard against a changed list. */
export function bodyOf(
  selection: Selection<TickedInvoice>,
  filter: InvoiceFilter,
  total: number,
): SelectionBody {
  if (selection.mode === 'ids') return bodyOfIds([...selection.rows.keys()]);
  return {
    mode: 'matching',
    filter,
    except_ids: [...selection.except],
    expected_count: countTicked(selection, total),
  };
}

export const bodyOfIds = (ids: readonly string[]): SelectionBody => ({ mode: 'ids', ids: [...ids] });

export const bodyOfAll = (filter: InvoiceFilter, total: number): SelectionBody =>
  bodyOf(everything(''), filter, total);
