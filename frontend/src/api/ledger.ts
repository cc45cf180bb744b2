import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, unwrap } from './client';
import { paced } from './polling';
import type { components } from './schema.gen';
import type { CodeKind, CostCenter, Item } from './types';

type Refresh = components['schemas']['RefreshOut'];

type Page<T> = { items: T[]; next_cursor: string | null };

/** Every item of a list that is short enough to be shown as one. */
async function allPages<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    items.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return items;
}

const LIMIT = 200;

export const codesQuery = (kind: CodeKind) =>
  queryOptions({
    queryKey: ['ledger', 'codes', kind],
    queryFn: () =>
      allPages((cursor) =>
        unwrap(api.GET('/api/v1/accounting-codes', { params: { query: { kind, limit: LIMIT, cursor } } })),
      ),
  });

export const costCentersQuery = queryOptions({
  queryKey: ['ledger', 'cost-centers'],
  queryFn: () =>
    allPages((cursor) =>
      unwrap(api.GET('/api/v1/cost-centers', { params: { query: { limit: LIMIT, cursor } } })),
    ),
});

export type ItemFilter = { q?: string; match?: Item['match'] };

export const itemsQuery = (filter: ItemFilter) =>
  infiniteQueryOptions({
    queryKey: ['ledger', 'items', filter],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET('/api/v1/items', { params: { query: { ...filter, limit: LIMIT, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export const trackingCategoriesQuery = queryOptions({
  queryKey: ['ledger', 'tracking-categories'],
  queryFn: () =>
    allPages((cursor) =>
      unwrap(api.GET('/api/v1/ledger/tracking-categories', { params: { query: { limit: LIMIT, cursor } } })),
    ),
});

export const taxRatesQuery = queryOptions({
  queryKey: ['ledger', 'tax-rates'],
  queryFn: () =>
    allPages((cursor) =>
      unwrap(api.GET('/api/v1/tax-rates', { params: { query: { limit: LIMIT, cursor } } })),
    ),
});

export const jobStatusesQuery = queryOptions({
  queryKey: ['job-statuses'],
  queryFn: () =>
    allPages((cursor) =>
      unwrap(api.GET('/api/v1/job-statuses', { params: { query: { limit: LIMIT, cursor } } })),
    ),
});

/** What a cost centre is called in Xero, as far as it is an option there. */
export const nameInXero = ({ name, option_name }: CostCenter) => option_name ?? name;

const MOST_LOOKS = 20;
const PAUSE_MS = 250;

/** Renames a cost centre, and waits until it was compared with Xero again. */
async function renameCostCenter({ id }: CostCenter, name: string): Promise<void> {
  const params = { path: { cost_center_id: id } };
  await unwrap(api.PATCH('/api/v1/cost-centers/{cost_center_id}', { params, body: { name } }));
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const { match } = await unwrap(api.GET('/api/v1/cost-centers/{cost_center_id}', { params }));
    if (match !== 'unchecked') return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** The cost centre of this id, if only its spelling keeps it from being an option in Xero. */
export function useSpelledDifferently(): (id: string) => CostCenter | undefined {
  const centers = useQuery(costCentersQuery).data ?? [];
  return (id) => centers.find((center) => center.id === id && center.match === 'spelled_differently');
}

/** Takes over Xero's spelling of a cost centre; answers the way back. */
export async function takeSpelling(center: CostCenter): Promise<() => Promise<void>> {
  await renameCostCenter(center, nameInXero(center));
  return () => renameCostCenter(center, center.name);
}

/** Binds cost centres to options of the tracking category, taking over Xero's spelling where only that differs. */
export function useMatchCostCenters() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST('/api/v1/cost-centers/matches')),
    onSuccess: () => client.invalidateQueries({ queryKey: costCentersQuery.queryKey }),
  });
}

/** Reads the chart of accounts, tracking categories, tax rates and items from Xero again. */
export function useLedgerRefresh() {
  const client = useQueryClient();
  const [id, setId] = useState<string | null>(null);
  const begin = useMutation({
    mutationFn: () => unwrap(api.POST('/api/v1/ledger/refreshes')),
    onSuccess: (refresh) => setId(refresh.id),
  });
  const refresh = useQuery({
    queryKey: ['ledger-refreshes', id],
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/ledger/refreshes/{refresh_id}', { params: { path: { refresh_id: id ?? '' } } }),
      ),
    enabled: id !== null,
    refetchInterval: paced<Refresh>((last) => isOver(last.state)),
  });
  const over = isOver(refresh.data?.state);
  useEffect(() => {
    if (over) client.invalidateQueries({ queryKey: ['ledger'] });
  }, [over, client]);
  return {
    begin: begin.mutate,
    running: begin.isPending || (id !== null && !over && !refresh.isError),
    failed: refresh.data?.state === 'failed' || refresh.isError,
    error: begin.error,
    problem: refresh.data?.problem ?? null,
  };
}

const isOver = (state: string | undefined) => state === 'done' || state === 'failed';
