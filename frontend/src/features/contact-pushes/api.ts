import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { isPushed } from '@/api/contact-pushes';
import { paced, polling } from '@/api/polling';
import type { PushResult } from '@/api/types';

/** One push; asked again as often as the server says, until it is over. */
export const pushQuery = (id: string) =>
  queryOptions({
    queryKey: ['contact-pushes', 'one', id],
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/contact-pushes/{contact_push_id}', { params: { path: { contact_push_id: id } } }),
      ),
    refetchInterval: paced(isPushed),
  });

export const pushItemsQuery = (id: string, result: PushResult | undefined, live: boolean) =>
  infiniteQueryOptions({
    queryKey: ['contact-pushes', 'items', id, result ?? 'all'],
    queryFn: async ({ pageParam }) => {
      const { items, next_cursor } = await unwrap(
        api.GET('/api/v1/contact-pushes/{contact_push_id}/items', {
          params: { path: { contact_push_id: id }, query: { limit: 100, result, cursor: pageParam } },
        }),
      );
      return { items: items.map((item) => ({ ...item, id: item.contact.id })), next_cursor };
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: polling(() => (live ? 3_000 : false)),
  });
