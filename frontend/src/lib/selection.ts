/** What is ticked: some rows, or everything that matches the filter less some rows. */
export type Selection =
  | { mode: 'ids'; ids: ReadonlySet<string> }
  | { mode: 'matching'; except: ReadonlySet<string> };

export const NOTHING: Selection = { mode: 'ids', ids: new Set() };
export const EVERYTHING: Selection = { mode: 'matching', except: new Set() };

export const isTicked = (selection: Selection, id: string): boolean =>
  selection.mode === 'ids' ? selection.ids.has(id) : !selection.except.has(id);

/** How many are ticked when `total` rows match the filter. */
export const countTicked = (selection: Selection, total: number): number =>
  selection.mode === 'ids' ? selection.ids.size : total - selection.except.size;

/** The selection with these rows ticked, or unticked. */
export function tick(selection: Selection, ids: readonly string[], on: boolean): Selection {
  const named = new Set(selection.mode === 'ids' ? selection.ids : selection.except);
  const adds = (selection.mode === 'ids') === on;
  for (const id of ids) {
    if (adds) named.add(id);
    else named.delete(id);
  }
  return selection.mode === 'ids' ? { mode: 'ids', ids: named } : { mode: 'matching', except: named };
}

/** The rows from `anchor` to `id` in the order shown; just `id` when the anchor is not shown. */
export function rangeBetween(shown: readonly string[], anchor: string | null, id: string): string[] {
  const from = anchor === null ? -1 : shown.indexOf(anchor);
  const to = shown.indexOf(id);
  if (from < 0 || to < 0) return [id];
  return shown.slice(Math.min(from, to), Math.max(from, to) + 1);
}
