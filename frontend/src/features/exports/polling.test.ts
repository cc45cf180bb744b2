import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { run } from '@/testing/fixtures';
import { server } from '@/testing/server';
import { exportQuery } from './api';

beforeEach(
  () => void vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] }),
);
afterEach(() => void vi.useRealTimers());

test('a run is asked for until it is finished, and then never again', async () => {
  let asked = 0;
  server.use(
    http.get('/api/v1/exports/exp_1', () => {
      asked += 1;
      return HttpResponse.json(asked < 3 ? run : { ...run, state: 'done', exported: 3, waiting: 0 });
    }),
  );
  const observer = new QueryObserver(new QueryClient(), exportQuery('exp_1'));
  const stop = observer.subscribe(() => {});

  await vi.advanceTimersByTimeAsync(600_000);
  stop();

  expect(observer.getCurrentResult().data?.state).toBe('done');
  expect(asked).toBe(3);
});
