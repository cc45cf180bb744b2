import { Progress, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Export } from '@/api/types';
import { count } from '@/lib/plural';
import { HrefLink } from '@/ui/app-link';
import { closeToast, toastLive } from '@/ui/toast';
import { exportQuery, invalidateAfterExport, isFinished } from './api';
import { outcomeWords, settledCount } from './words';

const STAYS_MS = 8_000;

/** Follows a run in a corner of whatever page is open, until it is done. */
export function showRunToast(run: Export) {
  toastLive(run.id, <RunProgress id={run.id} />);
}

function RunProgress({ id }: { id: string }) {
  const { data: run } = useQuery(exportQuery(id));
  const client = useQueryClient();
  const finished = run !== undefined && isFinished(run);
  const flawless = finished && run.rejected === 0;

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
    <Stack gap={6}>
      <Text fz="sm" fw={600}>
        {finished ? 'Export finished' : `Sending ${count(run.total, 'invoice', 'invoices')} to Xero`}
      </Text>
      <Text fz="sm" c="dimmed" role="status">
        {finished ? outcomeWords(run) : `${settledCount(run)} of ${run.total} done. You can keep working.`}
      </Text>
      {!finished && (
        <Progress value={(settledCount(run) / run.total) * 100} size="sm" aria-label="Export progress" />
      )}
      <div>
        <HrefLink href={`/exports/${id}`}>
          {finished && !flawless ? 'See what to fix' : 'View export'}
        </HrefLink>
      </div>
    </Stack>
  );
}
