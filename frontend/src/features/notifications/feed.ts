import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { Problem } from '@/api/problem';
import type { Notification } from '@/api/types';

const KEEP = 200;
const DEFAULT_INTERVAL_MS = 20_000;

/** What the bell knows: the newest notifications, how far they are read, and where the next poll starts. */
export type Feed = {
  items: Notification[];
  cursor: string | null;
  readUpTo: string | null;
  etag: string | null;
  intervalMs: number;
};

const EMPTY: Feed = { items: [], cursor: null, readUpTo: null, etag: null, intervalMs: DEFAULT_INTERVAL_MS };

export const FEED_KEY = ['notifications'] as const;

/** Everything after what is known already; an unchanged feed costs a 304 and keeps the very same object. */
async function readOn(known: Feed): Promise<Feed> {
  const { data, error, response } = await api.GET('/api/v1/notifications', {
    params: { query: { limit: KEEP, ...(known.cursor ? { after: known.cursor } : {}) } },
    headers: known.etag ? { 'If-None-Match': known.etag } : {},
  });
  if (response.status === 304) return known;
  if (!data) throw Problem.fromResponse(response, error);
  const seconds = Number(response.headers.get('X-Poll-Interval'));
  const next: Feed = {
    items: [...known.items, ...data.items].slice(-KEEP),
    cursor: data.next_cursor,
    readUpTo: data.read_up_to,
    // The tag belongs to the address it came from: a moved cursor is another address.
    etag: data.next_cursor === known.cursor ? response.headers.get('ETag') : null,
    intervalMs: seconds > 0 ? seconds * 1000 : DEFAULT_INTERVAL_MS,
  };
  return data.has_more ? readOn(next) : next;
}

export const feedQuery = (client: QueryClient) =>
  queryOptions({
    queryKey: FEED_KEY,
    queryFn: () => readOn(client.getQueryData<Feed>(FEED_KEY) ?? EMPTY),
    structuralSharing: false,
    refetchInterval: ({ state }) => state.data?.intervalMs ?? DEFAULT_INTERVAL_MS,
    refetchOnWindowFocus: 'always',
  });

/** The notifications after the read marker. The feed is in order, so everything behind the marked one is unread. */
export function unreadOf(feed: Feed): Notification[] {
  const marked = feed.items.findIndex((one) => one.id === feed.readUpTo);
  return feed.items.slice(marked + 1);
}

export function useMarkRead() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (upTo: string) =>
      unwrap(api.PUT('/api/v1/notifications/read-marker', { body: { up_to: upTo } })),
    onSuccess: (_, upTo) =>
      client.setQueryData<Feed>(FEED_KEY, (feed) => feed && { ...feed, readUpTo: upTo }),
  });
}
