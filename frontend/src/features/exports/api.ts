import {
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { paced, polling, pollWhileAny } from '@/api/polling';
import type { Export, ItemState } from '@/api/types';
import { bringTicksBack } from '@/lib/tick-store';

const FINISHED: ReadonlySet<Export['state']> = new Set(['done', 'done_with_errors', 'cancelled']);

export const isFinished = (run: Export) => FINISHED.has(run.state);

/** One run; asked again as often as the server says, until it is finished. */
export const exportQuery = (id: string) =>
  queryOptions({
    queryKey: ['exports', 'one', id],
    queryFn: () => unwrap(api.GET('/api/v1/exports/{export_id}', { params: { path: { export_id: id } } })),
    refetchInterval: paced(isFinished),
  });

export const exportItemsQuery = (id: string, state: ItemState | undefined, live: boolean) =>
  infiniteQueryOptions({
    queryKey: ['exports', 'items', id, state ?? 'all'],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/v1/exports/{export_id}/items', {
          params: { path: { export_id: id }, query: { limit: 100, state, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: polling(() => (live ? 3_000 : false)),
  });

export const exportsQuery = infiniteQueryOptions({
  queryKey: ['exports', 'list'],
  queryFn: ({ pageParam }) =>
    unwrap(api.GET('/api/v1/exports', { params: { query: { limit: 50, cursor: pageParam } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
  refetchInterval: pollWhileAny<Export>((run) => !isFinished(run), 3_000),
});

const LAST = 3;

/** The last runs, for Home. */
export const lastExportsQuery = queryOptions({
  queryKey: ['exports', 'last'],
  queryFn: () => unwrap(api.GET('/api/v1/exports', { params: { query: { limit: LAST } } })),
  select: ({ items }) => items,
  refetchInterval: polling<{ items: Export[] }>(({ items }) => (items.every(isFinished) ? false : 3_000)),
});

/** What an export may have changed on other pages. */
export function invalidateAfterExport(client: QueryClient) {
  for (const key of ['exports', 'invoices', 'notifications']) client.invalidateQueries({ queryKey: [key] });
}

/** Which invoices of a run were stopped before they were sent. */
async function stoppedOf(run: Export): Promise<(invoiceId: string) => boolean> {
  if (run.cancelled === run.total) return () => true;
  const ids = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await unwrap(
      api.GET('/api/v1/exports/{export_id}/items', {
        params: { path: { export_id: run.id }, query: { state: 'cancelled', limit: 200, cursor } },
      }),
    );
    for (const item of page.items) ids.add(item.invoice_id);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return (id) => ids.has(id);
}

/** Stops what is not sent yet, and ticks it again where it was ticked when the run was started. */
export function useCancelExport(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      unwrap(api.POST('/api/v1/exports/{export_id}/cancellation', { params: { path: { export_id: id } } })),
    onSuccess: async (run) => {
      const stopped = await stoppedOf(run);
      // A list that still shows them as waiting would untick them.
      client.removeQueries({ queryKey: ['invoices'], type: 'inactive' });
      await client.invalidateQueries({ queryKey: ['invoices'] });
      bringTicksBack(id, stopped);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['exports'] }),
  });
}

/** Exports the refused invoices of a run again, as a new run. */
export function useRetryExport(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      unwrap(api.POST('/api/v1/exports/{export_id}/retries', { params: { path: { export_id: id } } })),
    onSuccess: () => invalidateAfterExport(client),
  });
}
