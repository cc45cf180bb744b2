import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { ProblemNote } from './problem-note';
import './history.css';

export type HistoryLine = { id: string; what: string; about: ReactNode };

/** What was done with something, newest first. */
export function History({ events }: { events: readonly HistoryLine[] }) {
  return (
    <ol className="history">
      {events.map(({ id, what, about }) => (
        <li key={id}>
          <span className="history-what">{what}</span>
          <span className="history-about">{about}</span>
        </li>
      ))}
    </ol>
  );
}

type Loading = {
  isPending: boolean;
  isError: boolean;
  error: Error | null;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  refetch: () => unknown;
  fetchNextPage: () => unknown;
};

/** A history that is loaded page by page. */
export function PagedHistory({ query, events }: { query: Loading; events: readonly HistoryLine[] }) {
  return (
    <>
      {query.isPending && <Skeleton h={60} />}
      {query.isError && (
        <ProblemNote error={query.error} title="This history didn’t load" onRetry={() => query.refetch()} />
      )}
      {!query.isPending && !query.isError && events.length === 0 && <span className="soft">Nothing yet</span>}
      {!query.isPending && events.length > 0 && <History events={events} />}
      {query.hasNextPage && (
        <Button
          size="xs"
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => query.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  );
}
