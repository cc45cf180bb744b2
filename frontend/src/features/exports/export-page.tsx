import { Button, Group, Progress, Skeleton, Stack, Text } from '@mantine/core';
import { IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Export } from '@/api/types';
import { useFormat } from '@/lib/locale';
import { count } from '@/lib/plural';
import { HrefLink } from '@/ui/app-link';
import { Page } from '@/ui/page';
import { ProblemNote } from '@/ui/problem-note';
import { StateMark } from '@/ui/state-mark';
import { toastProblem } from '@/ui/toast';
import { WaitingNote } from '@/ui/waiting-note';
import { exportQuery, invalidateAfterExport, isFinished, useCancelExport, useRetryExport } from './api';
import { ExportItems, type Result } from './export-items';
import { ProblemGroups } from './problem-groups';
import { outcomeWords, settledCount } from './words';

type Props = {
  id: string;
  result: Result | undefined;
  onResult: (result: Result | undefined) => void;
  onRun: (run: Export) => void;
};

/** One run: how far it is, what stops it, and the result of each invoice. */
export function ExportPage({ id, result, onResult, onRun }: Props) {
  const run = useQuery(exportQuery(id));
  const client = useQueryClient();
  const finished = run.data !== undefined && isFinished(run.data);
  useEffect(() => {
    if (finished) invalidateAfterExport(client);
  }, [finished, client]);

  return (
    <Page
      title="Export"
      intro={run.data && <Started run={run.data} />}
      actions={run.data && <RunActions run={run.data} onRun={onRun} />}
    >
      {run.isPending && <Skeleton h={180} />}
      {run.isError && (
        <ProblemNote error={run.error} title="We couldn’t load this export" onRetry={() => run.refetch()} />
      )}
      {run.data && (
        <Stack gap="lg">
          <RunProgress run={run.data} />
          {run.data.rejected > 0 && <ProblemGroups id={id} live={!finished} />}
          <ExportItems run={run.data} result={result} onResult={onResult} />
        </Stack>
      )}
    </Page>
  );
}

function Started({ run }: { run: Export }) {
  const format = useFormat();
  return (
    <>
      {count(run.total, 'invoice', 'invoices')} · {format.instant(run.created_at)} · {run.started_by}
      {run.retry_of && (
        <>
          {' · '}
          <HrefLink href={`/exports/${run.retry_of}`}>repeats what an earlier export left</HrefLink>
        </>
      )}
    </>
  );
}

function RunProgress({ run }: { run: Export }) {
  const format = useFormat();
  const share = (part: number) => (part / Math.max(run.total, 1)) * 100;
  return (
    <section aria-label="Progress">
      {isFinished(run) && (
        <p className="page-outcome" role="status">
          {outcomeWords(run)}
        </p>
      )}
      <Group justify="space-between" mb={8}>
        <StateMark of="run" state={run.state} />
        <Text fz="sm" c="dimmed" className="tnum" role="status">
          {settledCount(run)} of {format.number(run.total)} done
        </Text>
      </Group>
      <Progress.Root size={6}>
        <Progress.Section value={share(run.exported)} color="var(--bar-ok)" aria-label="In Xero" />
        <Progress.Section value={share(run.rejected)} color="var(--bar-bad)" aria-label="Not accepted" />
        <Progress.Section value={share(run.cancelled)} color="var(--edge-control)" aria-label="Stopped" />
      </Progress.Root>
      <WaitingNote run={run} what="export" />
    </section>
  );
}

function RunActions({ run, onRun }: { run: Export; onRun: (run: Export) => void }) {
  const cancel = useCancelExport(run.id);
  const retry = useRetryExport(run.id);
  if (!isFinished(run)) {
    if (run.cancel_requested) return <Text fz="sm">Stopping after this batch…</Text>;
    return (
      <Button
        variant="default"
        leftSection={<IconPlayerStop size={16} aria-hidden />}
        loading={cancel.isPending}
        onClick={() => cancel.mutate(undefined, { onError: toastProblem })}
      >
        Stop after this batch
      </Button>
    );
  }
  if (run.rejected === 0) return null;
  return (
    <Button
      leftSection={<IconRefresh size={16} aria-hidden />}
      loading={retry.isPending}
      onClick={() => retry.mutate(undefined, { onSuccess: onRun, onError: toastProblem })}
    >
      {run.rejected === 1 ? 'Export it again' : `Export the ${run.rejected} again`}
    </Button>
  );
}
