import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { polling } from '@/api/polling';
import { Problem } from '@/api/problem';
import type { Notification } from '@/api/types';

const KEEP = 200;
const DEFAULT_INTERVAL_MS = 20_000;

/** What the bell knows: the newest notifications, how many are unread, and where the next poll starts. */
export type Feed = {
  items: Notification[];
  cursor: string | null;
  unread: number;
  etag: string | null;
  intervalMs: number;
};

const EMPTY: Feed = { items: [], cursor: null, unread: 0, etag: null, intervalMs: DEFAULT_INTERVAL_MS };

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
    unread: data.unread,
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
    refetchInterval: polling<Feed>((feed) => feed.intervalMs, DEFAULT_INTERVAL_MS),
    refetchOnWindowFocus: 'always',
  });

/** The unread notifications. Reading goes from the oldest on, so they are always the last ones. */
export const unreadOf = ({ items, unread }: Feed): Notification[] =>
  unread === 0 ? [] : items.slice(-unread);

/** Counts everything that the bell shows as read. */
export function useMarkRead() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (cursor: string) =>
      unwrap(api.PUT('/api/v1/notifications/read-marker', { body: { cursor } })),
    onSuccess: () =>
      client.setQueryData<Feed>(FEED_KEY, (feed) => feed && { ...feed, unread: 0, etag: null }),
  });
}
