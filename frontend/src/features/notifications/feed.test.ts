import { QueryClient } from '@tanstack/react-query';
import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import { notification } from '@/testing/fixtures';
import { server } from '@/testing/server';
import { type Feed, feedQuery, unreadOf } from './feed';

const poll = (client: QueryClient) => client.fetchQuery({ ...feedQuery(client), staleTime: 0 });

describe('the bell', () => {
  test('asks only for what is new, and an unchanged feed keeps the very same object', async () => {
    const asked: string[] = [];
    server.use(
      http.get('/api/v1/notifications', ({ request }) => {
        const after = new URL(request.url).searchParams.get('after');
        const tag = request.headers.get('If-None-Match');
        asked.push(`after=${after} tag=${tag}`);
        if (tag === 'W/"at-c1"') return new HttpResponse(null, { status: 304 });
        const items = after ? [] : [notification];
        return HttpResponse.json(
          { items, next_cursor: 'c1', has_more: false, unread: 1 },
          { headers: { ETag: after ? 'W/"at-c1"' : 'W/"from-the-start"' } },
        );
      }),
    );
    const client = new QueryClient();

    await poll(client);
    const second = await poll(client);
    const third = await poll(client);

    expect(asked).toEqual(['after=null tag=null', 'after=c1 tag=null', 'after=c1 tag=W/"at-c1"']);
    expect(third).toBe(second);
    expect(third.items).toHaveLength(1);
  });

  test('reads on until there is no more, and keeps what it had', async () => {
    server.use(
      http.get('/api/v1/notifications', ({ request }) => {
        const after = new URL(request.url).searchParams.get('after');
        const id = after ? 'ntf_2' : 'ntf_1';
        return HttpResponse.json({
          items: [{ ...notification, id }],
          next_cursor: after ? 'c2' : 'c1',
          has_more: !after,
          unread: 1,
        });
      }),
    );

    const feed = await poll(new QueryClient());

    expect(feed.items.map((one) => one.id)).toEqual(['ntf_1', 'ntf_2']);
    expect(unreadOf(feed).map((one) => one.id)).toEqual(['ntf_2']);
  });

  test('comes back as often as the server wants', async () => {
    server.use(
      http.get('/api/v1/notifications', () =>
        HttpResponse.json(
          { items: [], next_cursor: 'c0', has_more: false, unread: 0 },
          { headers: { 'X-Poll-Interval': '45' } },
        ),
      ),
    );

    const feed: Feed = await poll(new QueryClient());

    expect(feed.intervalMs).toBe(45_000);
  });
});
