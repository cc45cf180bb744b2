import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapTagged } from './client';
import { polling } from './polling';
import { isProblem } from './problem';
import type { Connection, Session } from './types';

/** Who is signed in, or `null` when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Session | null> => {
    try {
      return await unwrap(api.GET('/api/v1/session'));
    } catch (error) {
      if (isProblem(error) && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export const connectionQuery = queryOptions({
  queryKey: ['connection'],
  queryFn: () => unwrap(api.GET('/api/v1/connections/xero')),
  // A connection can end at Xero's side; a minute is soon enough to say so. A consent takes seconds.
  refetchInterval: polling<Connection>(({ state }) => (state === 'connecting' ? 4_000 : 60_000), 60_000),
});

export const preferencesQuery = queryOptions({
  queryKey: ['preferences'],
  queryFn: () => unwrapTagged(api.GET('/api/v1/preferences')),
});
