import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Export } from '@/api/types';
import { useFormat } from '@/lib/locale';
import { count } from '@/lib/plural';
import { IndexEmpty, IndexPage, IndexSkeleton } from '@/ui/index-page';
import { ProblemNote } from '@/ui/problem-note';
import { StateMark } from '@/ui/state-mark';
import { exportsQuery, isFinished } from './api';
import { RUN_FACES } from './words';
import './exports-page.css';

/** Every run, newest first. */
export function ExportsPage() {
  const runs = useInfiniteQuery({
    ...exportsQuery,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some((run) => !isFinished(run))) ? 3_000 : false,
  });
  const rows = runs.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <IndexPage
      title="Exports"
      intro="What was sent to Xero, when and by whom, with the result for every invoice."
    >
      <div className="index-scroll">
        {runs.isPending && <IndexSkeleton />}
        {runs.isError && <ProblemNote error={runs.error} onRetry={() => runs.refetch()} />}
        {runs.isSuccess && rows.length === 0 && (
          <IndexEmpty title="No exports yet">
            Your exports show here, with the result for every invoice.
          </IndexEmpty>
        )}
        {rows.length > 0 && (
          <table className="index exports">
            <thead>
              <tr>
                <th data-cell="title">When</th>
                <th data-cell="sub">Result</th>
                <th data-cell="note">Started by</th>
                <th data-cell="state">State</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((run) => (
                <RunRow key={run.id} run={run} />
              ))}
            </tbody>
          </table>
        )}
        {runs.hasNextPage && (
          <Button
            m="md"
            variant="default"
            loading={runs.isFetchingNextPage}
            onClick={() => runs.fetchNextPage()}
          >
            Show 50 more
          </Button>
        )}
      </div>
    </IndexPage>
  );
}

function RunRow({ run }: { run: Export }) {
  const format = useFormat();
  return (
    <tr>
      <td data-cell="title">
        <Link to="/exports/$exportId" params={{ exportId: run.id }} className="text-link">
          {format.instant(run.created_at)}
        </Link>
      </td>
      <td data-cell="sub" className="tnum">
        {format.number(run.exported)} of {count(run.total, 'invoice', 'invoices')}
        {run.rejected > 0 && <span className="run-rejected">, {run.rejected} not accepted</span>}
      </td>
      <td data-cell="note" className="soft">
        {run.started_by}
      </td>
      <td data-cell="state">
        <StateMark {...RUN_FACES[run.state]} />
      </td>
    </tr>
  );
}
