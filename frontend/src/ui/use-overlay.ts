import { useRouter, useRouterState } from '@tanstack/react-router';
import { useCallback, useEffect, useRef } from 'react';

/**
 * A drawer or dialog over the page, open while the history entry says so: the browser's Back closes it, and closing it
 * by its button goes back.
 */
export function useOverlay(name: string) {
  const router = useRouter();
  const place = useRouterState({ select: ({ location }) => placeOf(location.state.overlays, name) });
  const open = useCallback(() => {
    router.navigate({
      to: '.',
      search: true,
      hash: true,
      // One dialog may open over another, which stays open below it.
      state: (now) => ({ ...now, overlays: [...(now.overlays ?? []), name] }),
      resetScroll: false,
    });
  }, [router, name]);
  const close = useCallback(() => {
    if (placeOf(router.state.location.state.overlays, name) === 'on top') router.history.back();
  }, [router, name]);
  return { opened: place !== 'closed', place, open, close };
}

/** Lets the browser's Back close a dialog that opens by itself, as when an answer has arrived. */
export function useBackCloses(name: string, isOpen: boolean, onClose: () => void) {
  const { place, open, close } = useOverlay(name);
  const entry = useRef<'none' | 'asked for' | 'there'>('none');
  const closed = useRef(onClose);
  closed.current = onClose;
  useEffect(() => {
    if (!isOpen) {
      entry.current = 'none';
      // Closed by its button; or the entry is left over from a page that was left with the dialog open.
      if (place === 'on top') close();
    } else if (place !== 'closed') {
      entry.current = 'there';
    } else if (entry.current === 'none') {
      entry.current = 'asked for';
      open();
    } else if (entry.current === 'there') {
      entry.current = 'none';
      closed.current();
    }
  }, [isOpen, place, open, close]);
}

function placeOf(overlays: readonly string[] | undefined, name: string): 'closed' | 'below' | 'on top' {
  if (!overlays?.includes(name)) return 'closed';
  return overlays.at(-1) === name ? 'on top' : 'below';
}
