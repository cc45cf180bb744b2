import { useInfiniteQuery } from '@tanstack/react-query';
import type { Export } from '@/api/types';
import { count } from '@/lib/plural';
import type { Column } from '@/ui/index/columns';
import { IndexEmpty, IndexList } from '@/ui/index/index-list';
import { IndexPage } from '@/ui/index/index-page';
import { IndexTable } from '@/ui/index/index-table';
import { StateMark } from '@/ui/state-mark';
import { exportsQuery } from './api';
import './exports-page.css';

const COLUMNS: readonly Column<Export>[] = [
  {
    id: 'created_at',
    head: 'When',
    width: '220px',
    phone: 'title',
    opens: true,
    cell: (run, format) => format.instant(run.created_at),
  },
  {
    id: 'result',
    head: 'Result',
    phone: 'text',
    cell: (run, format) => (
      <>
        {format.number(run.exported)} of {count(run.total, 'invoice', 'invoices')}
        {run.rejected > 0 && (
          <span className="run-rejected">, {format.number(run.rejected)} not accepted</span>
        )}
      </>
    ),
  },
  {
    id: 'started_by',
    head: 'Started by',
    width: '24%',
    only: 'wide',
    phone: 'date',
    cell: (run) => <span className="soft">{run.started_by}</span>,
  },
  {
    id: 'state',
    head: 'State',
    width: '220px',
    phone: 'value',
    cell: (run) => <StateMark of="run" state={run.state} />,
  },
];

/** Every run, newest first. */
export function ExportsPage() {
  const runs = useInfiniteQuery(exportsQuery);
  const rows = runs.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <IndexPage title="Exports">
      <IndexList
        label="Export list"
        query={runs}
        isEmpty={rows.length === 0}
        empty={
          <IndexEmpty title="No exports yet">
            Your exports show here, with the result for every invoice.
          </IndexEmpty>
        }
      >
        <IndexTable label="Exports" columns={COLUMNS} rows={rows} href={(run) => `/exports/${run.id}`} />
      </IndexList>
    </IndexPage>
  );
}
