import { Button, Progress } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Export, StartedExport } from '@/api/types';
import { count } from '@/lib/plural';
import { HrefLink } from '@/ui/app-link';
import { toastProblem } from '@/ui/toast';
import { closeToast, showToast } from '@/ui/toast-store';
import { exportQuery, invalidateAfterExport, isFinished, useCancelExport } from './api';
import { outcomeWords, settledCount, skippedWords } from './words';
import './run-toast.css';

const STAYS_MS = 8_000;

/** Follows a run at the foot of whatever page is open, but for the run's own, until it is done. */
export function showRunToast(run: StartedExport) {
  showToast({
    id: run.id,
    tone: 'live',
    message: <RunProgress id={run.id} skipped={skippedWords(run)} />,
    hiddenAt: `/exports/${run.id}`,
  });
}

function RunProgress({ id, skipped }: { id: string; skipped: string | null }) {
  const { data: run } = useQuery(exportQuery(id));
  const client = useQueryClient();
  const finished = run !== undefined && isFinished(run);
  const flawless = finished && run.rejected === 0 && run.with_remarks === 0 && skipped === null;

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
            <span className="soft">{progressWords(run)}</span>
          </>
        )}
        {skipped && <span className="run-toast-skipped">{skipped}</span>}
      </span>
      {!finished && (
        <Progress
          value={(settledCount(run) / run.total) * 100}
          size={4}
          aria-label="Export progress"
          className="run-toast-bar"
        />
      )}
      {!finished && !run.cancel_requested && <StopButton id={id} />}
      <HrefLink href={`/exports/${id}`}>
        {finished && run.rejected > 0 ? 'See what to fix' : 'View export'}
      </HrefLink>
    </div>
  );
}

/** A run waits a few seconds before it begins: stopped by then, nothing of it reaches Xero. */
function progressWords(run: Export): string {
  if (run.cancel_requested) return 'Stopping…';
  if (run.state === 'queued' && run.hold_until) return 'starts in a few seconds';
  return `${settledCount(run)} of ${run.total} done`;
}

function StopButton({ id }: { id: string }) {
  const cancel = useCancelExport(id);
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={cancel.isPending}
      onClick={() => cancel.mutate(undefined, { onError: toastProblem })}
    >
      Stop
    </Button>
  );
}
