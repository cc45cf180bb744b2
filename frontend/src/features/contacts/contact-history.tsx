import { useInfiniteQuery } from '@tanstack/react-query';
import { useFormat } from '@/lib/locale';
import { Card } from '@/ui/card';
import { PagedHistory } from '@/ui/history';
import { historyQuery } from './api';
import './contact-page.css';

/** What was done with a contact and by whom, newest first. */
export function ContactHistory({ id }: { id: string }) {
  const history = useInfiniteQuery(historyQuery(id));
  const format = useFormat();
  const events = history.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card title="History">
      <PagedHistory
        query={history}
        events={events.map(({ id, what, created_at, actor_name }) => ({
          id,
          what,
          about: `${format.instant(created_at)} · ${actor_name}`,
        }))}
      />
    </Card>
  );
}
