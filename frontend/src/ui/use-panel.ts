import { useRouter, useRouterState } from '@tanstack/react-router';
import { useMemo } from 'react';

/**
 * The panel of a list; `open` in the address names what it shows. Opening it is a step that the browser's Back takes
 * back, and closing it takes that very step back, so that Back never opens it again.
 */
export function usePanel() {
  const router = useRouter();
  const openId = useRouterState({
    select: ({ location }): string | undefined => {
      const { open } = location.search as { open?: string };
      return open;
    },
  });
  return useMemo(() => {
    const go = (open: string | undefined, replace: boolean, opensPanel: boolean) =>
      router.navigate({
        to: '.',
        search: (now: object) => ({ ...now, open }),
        state: (now) => ({ ...now, opensPanel }),
        replace,
        resetScroll: false,
      });
    return {
      openId,
      show: (id: string) => {
        const { state, search } = router.state.location;
        const already = 'open' in search && search.open !== undefined;
        return go(id, already, already ? state.opensPanel === true : true);
      },
      hide: () => {
        if (router.state.location.state.opensPanel) router.history.back();
        else go(undefined, true, false);
      },
    };
  }, [router, openId]);
}
