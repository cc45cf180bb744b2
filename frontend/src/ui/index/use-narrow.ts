import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { useIsPhone } from '@/ui/use-screen';

/** Below this a table has no room for all of its columns. */
const NARROW_PX = 900;

/** Whether a table is narrow. On a phone it never is: there its rows are cards, which show what they like. */
export function useNarrow(): [RefObject<HTMLTableElement | null>, boolean] {
  const table = useRef<HTMLTableElement>(null);
  const [width, setWidth] = useState(NARROW_PX);
  const isPhone = useIsPhone();
  useLayoutEffect(() => {
    const place = table.current?.parentElement;
    if (!place) return;
    const measure = () => setWidth(place.clientWidth || NARROW_PX);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(place);
    return () => observer.disconnect();
  }, []);
  return [table, !isPhone && width < NARROW_PX];
}
