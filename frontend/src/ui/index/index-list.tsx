import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { ProblemNote } from '@/ui/problem-note';

/** What a list has to know of its query. */
export type ListQuery = {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  refetch: () => unknown;
  hasNextPage?: boolean;
  isFetchingNextPage?: boolean;
  fetchNextPage?: () => unknown;
};

type Props = {
  label: string;
  query: ListQuery;
  isEmpty: boolean;
  empty: ReactNode;
  /** Brings the focus to the search, for the key "/". */
  onFind?: () => void;
  children: ReactNode;
};

/** The rows, or what is there instead of them: loading, an error, nothing yet. */
export function IndexList({ label, query, isEmpty, empty, onFind, children }: Props) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a scrolling region that the keyboard has to reach
    <div
      className="index-scroll"
      role="region"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key !== '/' || event.target instanceof HTMLInputElement || !onFind) return;
        event.preventDefault();
        onFind();
      }}
    >
      {query.isPending && <IndexSkeleton />}
      {query.isError && (
        <div className="index-problem">
          <ProblemNote error={query.error} title="This list didn’t load" onRetry={() => query.refetch()} />
        </div>
      )}
      {!query.isPending && !query.isError && isEmpty && empty}
      {!isEmpty && children}
      {query.hasNextPage && (
        <div className="index-more">
          <Button
            variant="default"
            loading={query.isFetchingNextPage ?? false}
            onClick={() => query.fetchNextPage?.()}
          >
            Show more
          </Button>
        </div>
      )}
    </div>
  );
}

/** Rows that are on their way: as high as the real ones, so that nothing jumps. */
function IndexSkeleton() {
  return (
    <div className="index-skeleton" aria-hidden>
      {Array.from({ length: 9 }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never move
        <Skeleton key={row} h={14} />
      ))}
    </div>
  );
}

export function IndexEmpty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="index-empty">
      <p className="index-empty-title">{title}</p>
      {children}
    </div>
  );
}
