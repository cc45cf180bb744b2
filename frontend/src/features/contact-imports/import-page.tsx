import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { connectionQuery } from '@/api/shared';
import type { ContactImport } from '@/api/types';
import { HrefButton } from '@/ui/app-link';
import { Card } from '@/ui/card';
import { Page } from '@/ui/page';
import { ProblemNote } from '@/ui/problem-note';
import { importQuery, isOver } from './api';
import { ChooseStep } from './choose-step';
import { undecidedOf } from './decisions';
import { PreviewStep } from './preview-step';
import { ResultStep } from './result-step';
import { RunningStep } from './running-step';
import { type Step, Steps } from './steps';

export const BACK = { to: '/contacts', label: 'Contacts' };

type Props = {
  /** The preview or the import that is shown; none at the first step. */
  id: string | undefined;
  /** Whether what an import has left undecided is decided now. */
  decides: boolean;
  onShow: (id: string | undefined, decides?: boolean) => void;
};

/** Contacts from Xero in four steps: choose, preview, import, done. Each has an address, so that leaving is safe. */
export function ImportPage({ id, decides, onShow }: Props) {
  const connection = useQuery(connectionQuery).data;
  const run = useQuery({ ...importQuery(id ?? ''), enabled: id !== undefined });
  const organisation = run.data?.organisation_name ?? connection?.organisation_name ?? 'Xero';
  const title = `Import from ${organisation}`;
  if (run.data?.state === 'done' && (run.data.mode === 'preview' || decides)) {
    const preview = run.data.mode === 'preview' ? run.data : undecidedOf(run.data);
    return <PreviewStep key={id} title={title} preview={preview} onApplied={onShow} />;
  }
  const step = stepOf(run.data);
  return (
    <Page title={title} back={BACK} actions={<Steps at={step} />}>
      {id === undefined && connection && connection.state !== 'connected' && <NotConnected />}
      {id === undefined && connection?.state === 'connected' && (
        <ChooseStep organisation={organisation} onStarted={onShow} />
      )}
      {id !== undefined && run.isPending && <Skeleton h={180} radius="md" />}
      {run.isError && (
        <ProblemNote error={run.error} title="We couldn’t load this import" onRetry={() => run.refetch()} />
      )}
      {run.data && !isOver(run.data) && <RunningStep run={run.data} organisation={organisation} />}
      {run.data?.state === 'failed' && <Failed run={run.data} onAgain={() => onShow(undefined)} />}
      {run.data?.state === 'done' && <ResultStep run={run.data} onDecide={() => onShow(id, true)} />}
    </Page>
  );
}

function stepOf(run: ContactImport | undefined): Step {
  if (!run) return 'Choose';
  if (run.mode === 'preview') return 'Preview';
  return isOver(run) ? 'Done' : 'Import';
}

function NotConnected() {
  return (
    <Card title="Connect to Xero first">
      <span>Contacts come from the organisation that you connect.</span>
      <div>
        <HrefButton href="/settings/connections">Connect to Xero</HrefButton>
      </div>
    </Card>
  );
}

function Failed({ run, onAgain }: { run: ContactImport; onAgain: () => void }) {
  return (
    <Card title={run.mode === 'preview' ? 'Your contacts couldn’t be read' : 'The import stopped'}>
      <ProblemNote
        problem={run.problem ?? { title: 'Xero didn’t answer as expected', fix: null }}
        cure={
          <Button size="xs" variant="default" mt={8} onClick={onAgain}>
            Start again
          </Button>
        }
      />
    </Card>
  );
}
