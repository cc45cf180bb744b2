import { Button, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { components } from '@/api/schema.gen';
import type { Invoice } from '@/api/types';
import { useFormat } from '@/lib/locale';
import { History } from '@/ui/history';
import { ProblemNote } from '@/ui/problem-note';
import { historyQuery } from './api';

type Event = components['schemas']['HistoryEventOut'];

const WORDS: Record<string, string> = {
  'invoices.create': 'Came in',
  'invoices.change': 'Changed',
  'invoices.approve': 'Approved',
  'invoices.withdraw_approval': 'Approval withdrawn',
  'invoices.exclude': 'Left out of exports',
  'invoices.include': 'Included in exports again',
  'invoices.read_remarks': 'Remarks marked as read',
  'invoices.answer': 'Question answered',
  'invoices.unlink': 'Unlinked from the document in Xero',
};

/** What was done with an invoice and by whom, newest first; and when Xero got it. */
export function InvoiceHistory({ invoice }: { invoice: Invoice }) {
  const history = useInfiniteQuery(historyQuery(invoice.id));
  const format = useFormat();
  const events = history.data?.pages.flatMap((page) => page.items) ?? [];
  const lines = events.map((event) => ({
    id: event.id,
    at: event.created_at,
    what: whatOf(event),
    about: `${format.near(event.created_at)} · ${event.actor_name}`,
  }));
  const { exported_at: exported } = invoice;
  const inXero = exported
    ? [{ id: 'exported', at: exported, what: 'Exported to Xero', about: format.near(exported) }]
    : [];
  const all = [...lines, ...inXero].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <div className="invoice-history">
      {history.isPending && <Skeleton h={90} />}
      {history.isError && (
        <ProblemNote
          error={history.error}
          title="This history didn’t load"
          onRetry={() => history.refetch()}
        />
      )}
      {history.data && all.length === 0 && <span className="soft">Nothing yet</span>}
      {history.data && all.length > 0 && <History events={all} />}
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
    </div>
  );
}

function whatOf({ action, details }: Event): string {
  const what = WORDS[action] ?? 'Changed';
  return details.approval === 'withdrawn' ? `${what}, so it was a draft again` : what;
}
