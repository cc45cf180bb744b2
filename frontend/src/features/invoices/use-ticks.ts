import { useCallback, useRef, useState } from 'react';
import { countTicked, isTicked, NOTHING, rangeBetween, type Selection, tick } from '@/lib/selection';

/** Ticks of every filter used since the page was loaded: going back to a filter brings its ticks back. */
const kept = new Map<string, Selection>();

export const forgetTicks = () => kept.clear();

/** The ticks of one list. They belong to the filter they were made under (`scope`). */
export function useTicks(scope: string, shown: readonly string[]) {
  const [, redraw] = useState(0);
  const anchor = useRef<string | null>(null);
  const selection = kept.get(scope) ?? NOTHING;

  const select = useCallback(
    (next: Selection) => {
      kept.set(scope, next);
      redraw((n) => n + 1);
    },
    [scope],
  );
  const shownNow = useRef(shown);
  shownNow.current = shown;

  const toggle = useCallback(
    (id: string, range: boolean) => {
      const now = kept.get(scope) ?? NOTHING;
      const ids = range ? rangeBetween(shownNow.current, anchor.current, id) : [id];
      anchor.current = id;
      select(tick(now, ids, !isTicked(now, id)));
    },
    [scope, select],
  );
  const toggleShown = useCallback(() => {
    const now = kept.get(scope) ?? NOTHING;
    const all = shownNow.current.every((id) => isTicked(now, id));
    select(tick(now, shownNow.current, !all));
  }, [scope, select]);

  return { selection, select, toggle, toggleShown, count: (total: number) => countTicked(selection, total) };
}
