import { Button, Select } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { AskedGroup, ContactImport, ImportDecision, ImportGroup, ImportItem } from '@/api/types';
import { useSession } from '@/api/use-session';
import { useFormat } from '@/lib/locale';
import { BulkBar } from '@/ui/index/bulk-bar';
import { IndexEmpty, IndexList } from '@/ui/index/index-list';
import { IndexTable } from '@/ui/index/index-table';
import { useTicks } from '@/ui/index/use-ticks';
import { type ItemFilter, importItemsQuery } from './api';
import { ANSWERS, isAsked, type useAnswers } from './decisions';
import { columnsOf } from './preview-columns';
import { decisionLabel, GROUP_EMPTY } from './words';

type Props = {
  preview: ContactImport;
  group: ImportGroup;
  /** Which of its contacts are shown. */
  filter: ItemFilter;
  undecided: number;
  edit: ReturnType<typeof useAnswers>;
};

const nothing: readonly string[] = [];

/** One group of a preview: its contacts, each with its answer, and one answer for those that are ticked. */
export function PreviewGroup({ preview, group, filter, undecided, edit }: Props) {
  const { answers, answer, answerGroup } = edit;
  const asks = isAsked(group);
  const items = useInfiniteQuery(importItemsQuery(preview.id, filter));
  const rows = useMemo(() => items.data?.pages.flatMap((page) => page.items) ?? [], [items.data]);
  const ticks = useTicks<ImportItem>({
    name: `${useSession().business.id} import ${preview.id} ${group}`,
    filter: group,
    total: preview.counts[group],
    shown: rows,
    untickable: nothing,
  });
  const columns = useMemo(() => columnsOf(group, answers, answer), [group, answers, answer]);
  const ticked = ticks.selection.mode === 'ids' ? [...ticks.selection.rows.values()] : [];
  return (
    <>
      {asks && preview.counts[group] > 0 && (
        <div className="index-filters">
          <ForAll group={group} value={answers.groups.get(group) ?? null} onChange={answerGroup} />
          <span className="index-count only-wide" role="status">
            <ToDecide undecided={undecided} total={preview.counts[group]} />
          </span>
        </div>
      )}
      <IndexList
        label="Contacts in Xero"
        query={items}
        isEmpty={rows.length === 0}
        empty={<IndexEmpty title={GROUP_EMPTY[group]} />}
      >
        <IndexTable
          label="Contacts in Xero"
          tall
          columns={columns}
          rows={rows}
          ticks={asks ? ticks : undefined}
          tickable={rows.map((row) => row.id)}
          tickBox={tickBoxOf}
        />
      </IndexList>
      <BulkBar
        label="Ticked contacts"
        count={asks ? ticked.length : 0}
        sum={null}
        lines={[]}
        away={0}
        actions={(asks ? ANSWERS[group] : []).map((decision) => (
          <Button
            key={decision}
            variant="default"
            onClick={() => {
              answer(ticked, decision);
              ticks.clear();
            }}
          >
            <Short label={decisionLabel(decision, group)} />
          </Button>
        ))}
        onUntick={() => {}}
        onClear={ticks.clear}
      />
    </>
  );
}

/** "Same: link them"; a phone has room for the first word only. */
function Short({ label }: { label: string }) {
  const [word, ...rest] = label.split(': ');
  return (
    <>
      {word}
      {rest.length > 0 && <span className="only-wide">: {rest.join(': ')}</span>}
    </>
  );
}

const tickBoxOf = ({ xero_contact }: ImportItem) => ({ label: xero_contact.name, whyNot: null });

function ToDecide({ undecided, total }: { undecided: number; total: number }) {
  const format = useFormat();
  if (undecided === 0) return 'Nothing is saved yet.';
  return `${format.number(undecided)} of ${format.number(total)} to decide. Nothing is saved yet.`;
}

type ForAllProps = {
  group: AskedGroup;
  value: ImportDecision | null;
  onChange: (group: AskedGroup, decision: ImportDecision | null) => void;
};

/** One answer for the whole group, however many pages it has. */
function ForAll({ group, value, onChange }: ForAllProps) {
  return (
    <Select
      aria-label="Answer for all of them"
      placeholder="Answer for all…"
      className="import-for-all"
      clearable
      data={ANSWERS[group].map((decision) => ({
        value: decision,
        label: `All: ${decisionLabel(decision, group).toLowerCase()}`,
      }))}
      value={value}
      onChange={(next) => onChange(group, next as ImportDecision | null)}
    />
  );
}
