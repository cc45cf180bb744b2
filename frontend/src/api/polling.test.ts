import { focusManager, QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { paced, polling, pollWhileAny } from './polling';
import { Problem } from './problem';

const after = (seconds: number) =>
  new Problem({ status: 429, code: 'x', title: 'x', retryAfterMs: seconds * 1000 });
const state = <T>(data: T | undefined, error: unknown = null) => ({ state: { data, error } });

describe('a resource that is on its way', () => {
  const every = paced<{ over: boolean; poll_after_ms: number | null }>((last) => last.over);

  test('is asked again as often as the server says, and no more once it is over', () => {
    expect(every(state({ over: false, poll_after_ms: 750 }))).toBe(750);
    expect(every(state({ over: true, poll_after_ms: 750 }))).toBe(false);
  });

  test('waits for as long as the refusal of a request says', () => {
    expect(every(state({ over: false, poll_after_ms: 750 }, after(30)))).toBe(30_000);
  });
});

test('a list is asked again only while one of its rows moves', () => {
  const every = pollWhileAny<string>((row) => row === 'moving', 3_000);

  expect(every(state({ pages: [{ items: ['still'] }, { items: ['moving'] }] }))).toBe(3_000);
  expect(every(state({ pages: [{ items: ['still'] }] }))).toBe(false);
});

describe('while nobody looks', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    focusManager.setFocused(undefined);
  });

  test('nothing is polled', async () => {
    const ask = vi.fn(async () => 1);
    const observer = new QueryObserver(new QueryClient(), {
      queryKey: ['polled'],
      queryFn: ask,
      refetchInterval: polling<number>(() => 1_000),
    });
    const stop = observer.subscribe(() => {});
    await vi.advanceTimersByTimeAsync(2_500);
    expect(ask).toHaveBeenCalledTimes(3);

    focusManager.setFocused(false);
    await vi.advanceTimersByTimeAsync(60_000);
    stop();

    expect(ask).toHaveBeenCalledTimes(3);
  });
});
