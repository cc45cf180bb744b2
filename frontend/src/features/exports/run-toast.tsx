import { Progress } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Export } from '@/api/types';
import { count } from '@/lib/plural';
import { HrefLink } from '@/ui/app-link';
import { closeToast, showToast } from '@/ui/toast-store';
import { exportQuery, invalidateAfterExport, isFinished } from './api';
import { outcomeWords, settledCount } from './words';
import './run-toast.css';

const STAYS_MS = 8_000;

/** Follows a run at the foot of whatever page is open, but for the run's own, until it is done. */
export function showRunToast(run: Export) {
  showToast({
    id: run.id,
    tone: 'live',
    message: <RunProgress id={run.id} />,
    hiddenAt: `/exports/${run.id}`,
  });
}

function RunProgress({ id }: { id: string }) {
  const { data: run } = useQuery(exportQuery(id));
  const client = useQueryClient();
  const finished = run !== undefined && isFinished(run);
  const flawless = finished && run.rejected === 0 && run.with_remarks === 0;

  useEffect(() => {
    if (finished) invalidateAfterExport(client);
  }, [finished, client]);
  useEffect(() => {
    if (!flawless) return;
    const timer = setTimeout(() => closeToast(id), STAYS_MS);
    return () => clearTimeout(timer);
  }, [flawless, id]);

  if (!run) return null;
  return (
    <div className="run-toast">
      <span>
        {finished ? (
          outcomeWords(run)
        ) : (
          <>
            <strong>Exporting {count(run.total, 'invoice', 'invoices')}</strong>{' '}
            <span className="soft">
              {settledCount(run)} of {run.total} done
            </span>
          </>
        )}
      </span>
      {!finished && (
        <Progress
          value={(settledCount(run) / run.total) * 100}
          size={4}
          aria-label="Export progress"
          className="run-toast-bar"
        />
      )}
      <HrefLink href={`/exports/${id}`}>
        {finished && run.rejected > 0 ? 'See what to fix' : 'View export'}
      </HrefLink>
    </div>
  );
}
