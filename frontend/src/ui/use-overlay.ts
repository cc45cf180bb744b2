import { useRouter, useRouterState } from '@tanstack/react-router';
import { useCallback } from 'react';

/**
 * A drawer or dialog over the page, open while the history entry says so: the browser's Back closes it, and closing it
 * by its button goes back.
 */
export function useOverlay(name: string) {
  const router = useRouter();
  const opened = useRouterState({ select: ({ location }) => location.state.overlay === name });
  const open = useCallback(() => {
    router.navigate({
      to: '.',
      search: true,
      hash: true,
      state: (now) => ({ ...now, overlay: name }),
      resetScroll: false,
    });
  }, [router, name]);
  const close = useCallback(() => {
    if (router.state.location.state.overlay === name) router.history.back();
  }, [router, name]);
  return { opened, open, close };
}
