import { Progress, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Export } from '@/api/types';
import { useFormat } from '@/lib/locale';
import { HrefLink } from '@/ui/app-link';
import { Card } from '@/ui/card';
import { ProblemNote } from '@/ui/problem-note';
import { isFinished, lastExportsQuery } from './api';
import './last-exports.css';

/** The newest runs as bars, each with its result in words. */
export function LastExports() {
  const runs = useQuery(lastExportsQuery);
  return (
    <Card title="Last exports" end={<HrefLink href="/exports">All exports</HrefLink>} flush>
      {runs.isPending && <Skeleton h={78} m={20} />}
      {runs.isError && <ProblemNote error={runs.error} onRetry={() => runs.refetch()} />}
      {runs.data?.length === 0 && (
        <p className="last-exports-none">Your exports show here, with the result for every invoice.</p>
      )}
      {runs.data && runs.data.length > 0 && (
        <ul className="last-exports">
          {runs.data.map((run) => (
            <Run key={run.id} run={run} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Run({ run }: { run: Export }) {
  const format = useFormat();
  const share = (part: number) => (part / Math.max(run.total, 1)) * 100;
  return (
    <li>
      <Link to="/exports/$exportId" params={{ exportId: run.id }} className="last-export">
        <span className="last-export-when">{format.near(run.created_at)}</span>
        <span className="tnum">
          {format.number(run.exported)} of {format.number(run.total)}
        </span>
        <Progress.Root size={6} className="last-export-bar" aria-hidden>
          <Progress.Section value={share(run.exported - run.with_remarks)} color="var(--bar-ok)" />
          <Progress.Section value={share(run.with_remarks)} color="var(--bar-look)" />
          <Progress.Section value={share(run.rejected)} color="var(--bar-warn)" />
        </Progress.Root>
        <span className="last-export-words">
          {run.started_by} · {resultWords(run)}
        </span>
      </Link>
    </li>
  );
}

/** "2 to fix, 1 to look at"; "All in Xero". */
function resultWords(run: Export): string {
  if (!isFinished(run)) return run.state === 'waiting' ? 'Waiting' : 'Running';
  const parts = [
    run.rejected > 0 && `${run.rejected} to fix`,
    run.with_remarks > 0 && `${run.with_remarks} to look at`,
    run.cancelled > 0 && `${run.cancelled} stopped`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : 'All in Xero';
}
