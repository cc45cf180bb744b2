import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import type { ContactImport, ImportGroup } from '@/api/types';
import { useFormat } from '@/lib/locale';
import { count } from '@/lib/plural';
import { HrefButton } from '@/ui/app-link';
import { IndexPage } from '@/ui/index/index-page';
import { TabRow } from '@/ui/index/tab-row';
import { ProblemNote } from '@/ui/problem-note';
import { useApply } from './api';
import { type Forecast, forecastOf, useAnswers } from './decisions';
import { BACK } from './import-page';
import { PreviewGroup } from './preview-group';
import { Steps } from './steps';
import { forecastWords, GROUP_LABELS, GROUPS } from './words';
import './import.css';

type Props = {
  title: string;
  /** A preview, or what an import has left undecided. */
  preview: ContactImport;
  onApplied: (id: string) => void;
};

/** Every contact of Xero with what will happen to it, in groups; those that ask for a decision come first. */
export function PreviewStep({ title, preview, onApplied }: Props) {
  const { counts } = preview;
  const [group, setGroup] = useState<ImportGroup>(
    counts.possible_duplicate > 0 ? 'possible_duplicate' : 'new',
  );
  const edit = useAnswers(preview.id);
  const apply = useApply(preview.id);
  const forecast = forecastOf(preview, edit.answers);
  const isRest = preview.mode === 'apply';
  return (
    <IndexPage title={title} back={BACK} actions={<Steps at="Preview" />}>
      <TabRow
        label="Groups"
        tabs={GROUPS.filter((one) => !isRest || one === 'possible_duplicate').map((value) => ({
          value,
          label: GROUP_LABELS[value],
          count: counts[value],
          warns: value === 'possible_duplicate' && forecast.undecided > 0,
        }))}
        value={group}
        onChange={setGroup}
      />
      <PreviewGroup
        key={group}
        preview={preview}
        group={group}
        filter={isRest ? { result: 'undecided' } : { group }}
        undecided={group === 'possible_duplicate' ? forecast.undecided : 0}
        edit={edit}
      />
      {apply.isError && <ProblemNote error={apply.error} title="The import didn’t start" />}
      <Foot
        forecast={forecast}
        busy={apply.isPending}
        onImport={() =>
          apply.mutate(edit.answers, {
            onSuccess: ({ id }) => {
              edit.forget();
              onApplied(id);
            },
          })
        }
      />
    </IndexPage>
  );
}

type FootProps = { forecast: Forecast; busy: boolean; onImport: () => void };

/** What will happen, in words that count along, and the button that does it. */
function Foot({ forecast, busy, onImport }: FootProps) {
  const format = useFormat();
  const { comeIn, linked, undecided } = forecast;
  const n = comeIn + linked;
  return (
    <div className="import-foot">
      <p role="status">
        {forecastWords(forecast)}{' '}
        {undecided > 0 && (
          <strong>
            {count(undecided, 'undecided contact waits', 'undecided contacts wait')} until you decide.
          </strong>
        )}
      </p>
      <div className="import-foot-actions">
        <HrefButton href="/contacts" variant="default">
          Not now
        </HrefButton>
        <Button
          leftSection={<IconDownload size={16} aria-hidden />}
          disabled={n === 0}
          loading={busy}
          onClick={onImport}
        >
          Import {format.number(n)} {n === 1 ? 'contact' : 'contacts'}
        </Button>
      </div>
    </div>
  );
}
