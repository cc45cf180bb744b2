import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { api, newIdempotencyKey, unwrap } from '@/api/client';
import { paced } from '@/api/polling';
import type { ContactImport, ImportGroup, ImportItem, ImportResult } from '@/api/types';
import type { Answer, Answers } from './decisions';

export type ImportRole = 'customer' | 'supplier';

export const isOver = ({ state }: ContactImport) => state === 'done' || state === 'failed';

/** A preview or an import; asked again as often as the server says, until it is over. */
export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ['contact-imports', 'one', id],
    queryFn: () =>
      unwrap(api.GET('/api/v1/contact-imports/{import_id}', { params: { path: { import_id: id } } })),
    refetchInterval: paced(isOver),
  });

export type ItemFilter = { group?: ImportGroup; result?: ImportResult };

const PAGE = 200;

const readItems = (id: string, filter: ItemFilter, cursor: string | undefined) =>
  unwrap(
    api.GET('/api/v1/contact-imports/{import_id}/items', {
      params: { path: { import_id: id }, query: { ...filter, limit: PAGE, cursor } },
    }),
  );

export const importItemsQuery = (id: string, filter: ItemFilter) =>
  infiniteQueryOptions({
    queryKey: ['contact-imports', 'items', id, filter],
    queryFn: ({ pageParam }) => readItems(id, filter, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });

async function allItems(id: string, filter: ItemFilter): Promise<ImportItem[]> {
  const items: ImportItem[] = [];
  let cursor: string | undefined;
  do {
    const page = await readItems(id, filter, cursor);
    items.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return items;
}

/** Reads what is in Xero and compares it with what is here. Nothing is saved. */
export function useStartPreview() {
  return useMutation({
    mutationFn: (roles: ImportRole[]) =>
      unwrap(api.POST('/api/v1/contact-imports', { body: { mode: 'preview', roles } })),
  });
}

/** The answers as the API takes them: one group as a whole, those of any other group one by one. */
async function bodyOf(preview: string, { items, groups }: Answers) {
  const [whole, ...others] = [...groups];
  const decisions = new Map<string, Answer & { item_id: string }>();
  for (const [group, decision] of others) {
    for (const { id } of await allItems(preview, { group })) {
      decisions.set(id, { item_id: id, group, decision });
    }
  }
  for (const [id, answer] of items) decisions.set(id, { item_id: id, ...answer });
  return {
    mode: 'apply' as const,
    preview_id: preview,
    decisions: [...decisions.values()].map(({ group: _, ...decision }) => decision),
    ...(whole ? { decision_for_group: { group: whole[0], decision: whole[1] } } : {}),
  };
}

/** Imports what a preview showed, with the answers that were given there. */
export function useApply(preview: string) {
  return useMutation({
    mutationFn: async (answers: Answers) =>
      unwrap(
        api.POST('/api/v1/contact-imports', {
          body: await bodyOf(preview, answers),
          headers: { 'Idempotency-Key': newIdempotencyKey() },
        }),
      ),
  });
}

export const offerQuery = queryOptions({
  queryKey: ['contact-imports', 'offer'],
  queryFn: () => unwrap(api.GET('/api/v1/contact-imports/offer')),
});

/** Remembers that the business does not want to be asked now. */
export function usePutOffOffer() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.PUT('/api/v1/contact-imports/offer', { body: { put_off: true } })),
    onSuccess: (offer) => client.setQueryData(offerQuery.queryKey, offer),
  });
}
