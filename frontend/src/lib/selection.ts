/**
 * What is ticked: some rows, each with what the tray shows of it, or everything that matches one filter less some rows.
 * Rows belong to the page and stay ticked under every filter; *everything that matches* ends with its filter.
 */
export type Selection<Row extends { id: string }> =
  | { mode: 'ids'; rows: ReadonlyMap<string, Row> }
  | { mode: 'matching'; filter: string; except: ReadonlySet<string> };

export const nothing = <Row extends { id: string }>(): Selection<Row> => ({ mode: 'ids', rows: new Map() });

export const everything = <Row extends { id: string }>(filter: string): Selection<Row> => ({
  mode: 'matching',
  filter,
  except: new Set(),
});

export const isTicked = <Row extends { id: string }>(selection: Selection<Row>, id: string): boolean =>
  selection.mode === 'ids' ? selection.rows.has(id) : !selection.except.has(id);

/** How many are ticked when `total` rows match the filter. */
export const countTicked = <Row extends { id: string }>(selection: Selection<Row>, total: number): number =>
  selection.mode === 'ids' ? selection.rows.size : total - selection.except.size;

/** The selection with these rows ticked, or unticked. */
export function tick<Row extends { id: string }>(
  selection: Selection<Row>,
  rows: readonly Row[],
  on: boolean,
): Selection<Row> {
  if (selection.mode === 'matching') {
    const except = new Set(selection.except);
    for (const { id } of rows) {
      if (on) except.delete(id);
      else except.add(id);
    }
    return { ...selection, except };
  }
  const kept = new Map(selection.rows);
  for (const row of rows) {
    if (on) kept.set(row.id, row);
    else kept.delete(row.id);
  }
  return { mode: 'ids', rows: kept };
}

/** The rows from `anchor` to `id` in the order shown; just `id` when the anchor is not shown. */
export function rangeBetween(shown: readonly string[], anchor: string | null, id: string): string[] {
  const from = anchor === null ? -1 : shown.indexOf(anchor);
  const to = shown.indexOf(id);
  if (from < 0 || to < 0) return [id];
  return shown.slice(Math.min(from, to), Math.max(from, to) + 1);
}

/** A selection as text, for the storage of the browser tab. */
export const writeSelection = <Row extends { id: string }>(selection: Selection<Row>): string =>
  JSON.stringify(
    selection.mode === 'ids'
      ? { mode: 'ids', rows: [...selection.rows.values()] }
      : { ...selection, except: [...selection.except] },
  );

/** What `writeSelection` wrote; nothing for any other text. */
export function readSelection<Row extends { id: string }>(text: string | null): Selection<Row> {
  if (text === null) return nothing();
  try {
    const kept = JSON.parse(text);
    if (kept.mode === 'matching') return { ...kept, except: new Set<string>(kept.except) };
    return { mode: 'ids', rows: new Map(kept.rows.map((row: Row) => [row.id, row])) };
  } catch {
    return nothing();
  }
}
