import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { components } from '@/api/schema.gen';
import type { Invoice } from '@/api/types';
import { useFormat } from '@/lib/locale';
import { PagedHistory } from '@/ui/history';
import { historyQuery, starterQuery } from './api';

type Event = components['schemas']['HistoryEventOut'];

const EXPORTED = 'invoice.exported';

const WORDS: Record<string, string> = {
  [EXPORTED]: 'Exported to Xero',
  'invoices.create': 'Came in',
  'invoices.change': 'Changed',
  'invoices.delete': 'Deleted',
  'invoices.approve': 'Approved',
  'invoices.withdraw_approval': 'Approval withdrawn',
  'invoices.exclude': 'Left out of exports',
  'invoices.include': 'Included in exports again',
  'invoices.read_remarks': 'Remarks marked as read',
  'invoices.answer': 'Question answered',
  'invoices.unlink': 'Unlinked from the document in Xero',
  'invoices.voided_in_xero': 'Voided in Xero',
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
    about: (
      <>
        {format.near(event.created_at)} · <Who event={event} />
      </>
    ),
  }));
  const { exported_at: exported } = invoice;
  // Its event may be on a page that is not loaded yet; a document that somebody linked has none.
  const isListed = history.hasNextPage || events.some(({ action }) => action === EXPORTED);
  const inXero =
    exported && !isListed
      ? [{ id: 'exported', at: exported, what: 'Exported to Xero', about: format.near(exported) }]
      : [];
  const all = [...lines, ...inXero].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <div className="invoice-history">
      <PagedHistory query={history} events={all} />
    </div>
  );
}

/** Who did it; an export is carried out by Jobtally for the person who started it. */
function Who({ event: { action, actor_name, details } }: { event: Event }) {
  const { run } = details;
  const isRun = action === EXPORTED && typeof run === 'string';
  const starter = useQuery({ ...starterQuery(`${run}`), enabled: isRun }).data;
  return starter ?? actor_name;
}

function whatOf({ action, details }: Event): string {
  const what = WORDS[action] ?? inWords(action);
  return details.approval === 'withdrawn' ? `${what}, so it was a draft again` : what;
}

/** "Sent back" for an action without words of its own, `invoices.sent_back`. */
function inWords(action: string): string {
  const words = action.slice(action.indexOf('.') + 1).replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
