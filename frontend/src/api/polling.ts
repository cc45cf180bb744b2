import { Problem } from './problem';

type Query<T> = { state: { data: T | undefined; error: unknown } };

/** How long to wait after a failure whose answer names no time. */
const AFTER_FAILURE_MS = 10_000;

/**
 * How often a query is asked again, for `refetchInterval`: what `next` says for the last answer, `first` while there is
 * none, never sooner than the server's Retry-After. Polls stop while the tab is hidden (the query client's default).
 */
export function polling<T>(next: (last: T) => number | false, first: number | false = false) {
  return ({ state }: Query<T>): number | false => {
    const interval = state.data === undefined ? first : next(state.data);
    if (interval === false || !state.error) return interval;
    return Math.max(interval, Problem.from(state.error).retryAfterMs ?? AFTER_FAILURE_MS);
  };
}

type Paced = { poll_after_ms: number | null };

/** The interval that the server asks for with the resource itself, while the resource is still on its way. */
export const paced = <T extends Paced>(isOver: (last: T) => boolean, otherwise = 2_000) =>
  polling<T>((last) => (isOver(last) ? false : (last.poll_after_ms ?? otherwise)));

type Pages<T> = { pages: { items: T[] }[] };

/** For a list: asked again every `interval` while one of its rows is on its way. */
export const pollWhileAny = <T>(isMoving: (row: T) => boolean, interval: number) =>
  polling<Pages<T>>((last) => (last.pages.some((page) => page.items.some(isMoving)) ? interval : false));
