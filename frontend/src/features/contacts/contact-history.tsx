import { Button, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useFormat } from '@/lib/locale';
import { Card } from '@/ui/card';
import { History } from '@/ui/history';
import { ProblemNote } from '@/ui/problem-note';
import { historyQuery } from './api';
import './contact-page.css';

/** What was done with a contact and by whom, newest first. */
export function ContactHistory({ id }: { id: string }) {
  const history = useInfiniteQuery(historyQuery(id));
  const format = useFormat();
  const events = history.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card title="History">
      {history.isPending && <Skeleton h={60} />}
      {history.isError && (
        <ProblemNote
          error={history.error}
          title="This history didn’t load"
          onRetry={() => history.refetch()}
        />
      )}
      {history.data && events.length === 0 && <span className="soft">Nothing yet</span>}
      {events.length > 0 && (
        <History
          events={events.map(({ id, what, created_at, actor_name }) => ({
            id,
            what,
            about: `${format.instant(created_at)} · ${actor_name}`,
          }))}
        />
      )}
      {history.hasNextPage && (
        <Button
          size="xs"
          variant="default"
          loading={history.isFetchingNextPage}
          onClick={() => history.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </Card>
  );
}
