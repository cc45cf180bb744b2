import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import {
  countTicked,
  everything,
  isTicked,
  nothing,
  rangeBetween,
  type Selection,
  tick,
} from '@/lib/selection';
import { keepTicks, keptTicks, setTicksAside, watchTicks } from '@/lib/tick-store';

type Options<Row extends { id: string }> = {
  /** Whose ticks these are: the session and the page, never the filter. */
  name: string;
  /** The filter that *everything that matches* stands for. */
  filter: string;
  /** How many match the filter, once it is known. */
  total: number | null;
  /** The rows in the list that can be ticked, and those that cannot any more, as the tray shows them. */
  shown: readonly Row[];
  untickable: readonly string[];
};

export type Ticks<Row extends { id: string }> = ReturnType<typeof useTicks<Row>>;

/** The ticks of one page. They outlive searches, filters, views and a reload; see `Selection` for the exception. */
export function useTicks<Row extends { id: string }>(options: Options<Row>) {
  const { name, filter, total, shown, untickable } = options;
  const kept = useSyncExternalStore(watchTicks, () => keptTicks(name) as Selection<Row>);
  const selection = useMemo(
    () => (kept.mode === 'matching' && kept.filter !== filter ? nothing<Row>() : kept),
    [kept, filter],
  );
  const now = useRef({ selection, shown });
  now.current = { selection, shown };
  const anchor = useRef<string | null>(null);
  const select = useCallback((next: Selection<Row>) => keepTicks(name, next), [name]);

  // What the list shows now replaces what was kept of it; what left for Xero meanwhile is not ticked any more.
  useEffect(() => {
    if (selection.mode !== 'ids' || selection.rows.size === 0) return;
    const gone = untickable.filter((id) => selection.rows.has(id));
    const newer = shown.filter((row) => {
      const old = selection.rows.get(row.id);
      return old !== undefined && JSON.stringify(old) !== JSON.stringify(row);
    });
    if (gone.length + newer.length === 0) return;
    const without = tick(selection, gone.map((id) => ({ id })) as Row[], false);
    select(tick(without, newer, true));
  }, [selection, shown, untickable, select]);

  const toggle = useCallback(
    (id: string, range: boolean) => {
      const { selection: current, shown: rows } = now.current;
      const ids = range
        ? rangeBetween(
            rows.map((row) => row.id),
            anchor.current,
            id,
          )
        : [id];
      anchor.current = id;
      const wanted = new Set(ids);
      const meant = rows.filter((row) => wanted.has(row.id));
      select(tick(current, meant, !isTicked(current, id)));
    },
    [select],
  );
  const toggleShown = useCallback(() => {
    const { selection: current, shown: rows } = now.current;
    const all = rows.every((row) => isTicked(current, row.id));
    select(tick(current, rows, !all));
  }, [select]);
  const untick = useCallback((row: Row) => select(tick(now.current.selection, [row], false)), [select]);

  return {
    filter,
    selection,
    select,
    toggle,
    toggleShown,
    untick,
    clear: useCallback(() => select(nothing()), [select]),
    /** Unticks everything until this run is stopped. */
    setAside: useCallback((run: string) => setTicksAside(run, name), [name]),
    tickAll: useCallback(() => select(everything(filter)), [select, filter]),
    count: countTicked(selection, total ?? 0),
    /** What *everything that matches* stood for until its filter was left. */
    ended: kept.mode === 'matching' && kept.filter !== filter ? kept : null,
  };
}
