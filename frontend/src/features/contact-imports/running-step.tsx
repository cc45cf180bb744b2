import { Progress } from '@mantine/core';
import type { ContactImport } from '@/api/types';
import { useFormat } from '@/lib/locale';
import { Card } from '@/ui/card';
import { WaitingNote } from '@/ui/waiting-note';
import './import.css';

type Props = { run: ContactImport; organisation: string };

/** A preview that reads, or an import that runs. The page may be closed meanwhile. */
export function RunningStep({ run, organisation }: Props) {
  const format = useFormat();
  const reading = run.mode === 'preview';
  const done = run.imported + run.linked + run.failed;
  const { new: fresh, matched, possible_duplicate } = run.counts;
  const total = Math.max(fresh + matched + possible_duplicate - run.undecided - run.left_out, done);
  return (
    <Card title={reading ? `Reading your contacts in ${organisation}` : 'Bringing in your contacts'}>
      <p className="import-figure" role="status">
        <strong>
          {reading ? format.number(run.read) : `${format.number(done)} of ${format.number(total)}`}
        </strong>
        <span>{reading ? 'contacts read so far' : 'contacts are here'}</span>
      </p>
      <Progress
        value={reading ? 100 : (done / Math.max(total, 1)) * 100}
        animated={reading}
        striped={reading}
        size={8}
        aria-label={reading ? 'Reading' : 'Importing'}
      />
      <span className="soft">
        {reading
          ? 'Nothing is saved yet. You can close this page and come back to it.'
          : 'You can close this page. The import goes on, and a notification says when it is done.'}
      </span>
      <WaitingNote run={run} what="import" />
    </Card>
  );
}
