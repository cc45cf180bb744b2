import { Button, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useFormat } from '@/lib/locale';
import { Card } from '@/ui/card';
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
        <ol className="contact-history">
          {events.map((event) => (
            <li key={event.id}>
              <span className="contact-event">{event.what}</span>
              <span className="contact-event-about">
                {format.instant(event.created_at)} · {event.actor_name}
              </span>
            </li>
          ))}
        </ol>
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
