import { useEffect, useRef } from 'react';
import { focusRowOf } from './row-keys';

/** Gives the focus back to the row whose panel was closed, by its button or by Back. */
export function useFocusReturn(open: string | undefined) {
  const before = useRef(open);
  useEffect(() => {
    const closed = open === undefined && before.current;
    before.current = open;
    // What took the focus meanwhile keeps it.
    if (closed && document.activeElement === document.body) focusRowOf(closed);
  }, [open]);
}
