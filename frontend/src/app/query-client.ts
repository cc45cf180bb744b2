import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isProblem } from '@/api/problem';
import { sessionQuery } from '@/api/shared';

/** Queries and commands of one browser tab; `onSignedOut` runs when the API says the session is over. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const watch = (error: unknown) => {
    if (!isProblem(error) || error.status !== 401) return;
    if (!client.getQueryData(sessionQuery.queryKey)) return;
    client.setQueryData(sessionQuery.queryKey, null);
    onSignedOut();
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: watch }),
    mutationCache: new MutationCache({ onError: watch }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) =>
          failures < 2 && isProblem(error) && (error.isTemporary || error.status === 429),
        retryDelay: (attempt, error) => retryAfter(error) ?? Math.min(1000 * 2 ** attempt, 10_000),
      },
      mutations: { retry: false },
    },
  });
  return client;
}

const retryAfter = (error: unknown) => (isProblem(error) ? error.retryAfterMs : null);
