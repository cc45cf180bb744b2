import { Group, Progress, Skeleton, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { isPushed } from '@/api/contact-pushes';
import type { ContactPush, ContactPushItem, PushResult } from '@/api/types';
import { useFormat } from '@/lib/locale';
import { count } from '@/lib/plural';
import { pushWords } from '@/lib/push-words';
import type { Column } from '@/ui/index/columns';
import { IndexEmpty, IndexList } from '@/ui/index/index-list';
import { IndexTable } from '@/ui/index/index-table';
import { TabRow } from '@/ui/index/tab-row';
import { FIELD_WORDS } from '@/ui/matching/words';
import { Page } from '@/ui/page';
import { FirstProblem, ProblemNote } from '@/ui/problem-note';
import { StateMark } from '@/ui/state-mark';
import { WaitingNote } from '@/ui/waiting-note';
import { pushItemsQuery, pushQuery } from './api';

type Props = {
  id: string;
  result: PushResult | undefined;
  onResult: (result: PushResult | undefined) => void;
};

/** One push: how many contacts went to Xero, and the result of each. */
export function PushPage({ id, result, onResult }: Props) {
  const push = useQuery(pushQuery(id));
  const client = useQueryClient();
  const format = useFormat();
  const over = push.data !== undefined && isPushed(push.data);
  useEffect(() => {
    if (over) client.invalidateQueries({ queryKey: ['contacts'] });
  }, [over, client]);
  return (
    <Page
      title="Contact push"
      back={{ to: '/contacts', label: 'Contacts' }}
      intro={
        push.data && (
          <>
            {count(push.data.total, 'contact', 'contacts')} · {format.instant(push.data.created_at)} ·{' '}
            {push.data.started_by ?? 'by the six-hour schedule'}
          </>
        )
      }
    >
      {push.isPending && <Skeleton h={180} />}
      {push.isError && (
        <ProblemNote error={push.error} title="We couldn’t load this push" onRetry={() => push.refetch()} />
      )}
      {push.data && (
        <Stack gap="lg">
          <PushProgress push={push.data} />
          {push.data.total > 0 && <PushItems push={push.data} result={result} onResult={onResult} />}
        </Stack>
      )}
    </Page>
  );
}

function PushProgress({ push }: { push: ContactPush }) {
  const format = useFormat();
  const share = (part: number) => (part / Math.max(push.total, 1)) * 100;
  const settled = push.total - push.waiting;
  return (
    <section aria-label="Progress">
      {isPushed(push) && (
        <p className="page-outcome" role="status">
          {pushWords(push)}
        </p>
      )}
      <Group justify="space-between" mb={8}>
        <StateMark of="run" state={push.state} />
        <Text fz="sm" c="dimmed" className="tnum" role="status">
          {format.number(settled)} of {format.number(push.total)} done
        </Text>
      </Group>
      <Progress.Root size={6}>
        <Progress.Section
          value={share(push.created + push.updated)}
          color="var(--bar-ok)"
          aria-label="In step"
        />
        <Progress.Section
          value={share(push.unsure + push.unchanged)}
          color="var(--bar-warn)"
          aria-label="Needs a look"
        />
        <Progress.Section value={share(push.failed)} color="var(--bar-bad)" aria-label="Not accepted" />
      </Progress.Root>
      <WaitingNote run={push} what="push" />
    </section>
  );
}

type Row = ContactPushItem & { id: string };

const COLUMNS: readonly Column<Row>[] = [
  { id: 'name', head: 'Contact', phone: 'title', opens: true, cell: ({ contact }) => contact.name },
  {
    id: 'fields',
    head: 'What changed',
    width: '32%',
    phone: 'text',
    cell: ({ fields }) => <span className="soft">{fieldWords(fields)}</span>,
  },
  {
    id: 'result',
    head: 'Result',
    width: '36%',
    phone: 'state',
    cell: ({ result, problems }) => (
      <>
        <StateMark of="pushed" state={result} /> <FirstProblem problems={problems} remarks={[]} />
      </>
    ),
  },
];

const fieldWords = (fields: readonly string[]) =>
  fields.map((field) => (FIELD_WORDS as Record<string, string>)[field] ?? field).join(', ');

function PushItems({ push, result, onResult }: { push: ContactPush } & Omit<Props, 'id'>) {
  const items = useInfiniteQuery(pushItemsQuery(push.id, result, !isPushed(push)));
  const rows = items.data?.pages.flatMap((page) => page.items) ?? [];
  const tabs = [
    { value: 'all', label: 'All', count: push.total },
    { value: 'unsure', label: 'Needs a choice', count: push.unsure, warns: true },
    { value: 'failed', label: 'Not accepted', count: push.failed, warns: true },
    { value: 'created', label: 'New in Xero', count: push.created },
    { value: 'updated', label: 'Updated', count: push.updated },
    { value: 'unchanged', label: 'Not changed', count: push.unchanged, warns: true },
  ] as const;
  return (
    <section aria-label="Results" className="page-list">
      <TabRow
        label="Results"
        tabs={tabs}
        value={result && result !== 'waiting' ? result : 'all'}
        onChange={(value) => onResult(value === 'all' ? undefined : value)}
      />
      <IndexList
        label="Result list"
        query={items}
        isEmpty={rows.length === 0}
        empty={<IndexEmpty title="None of the contacts is here" />}
      >
        <IndexTable
          label="Results"
          columns={COLUMNS}
          rows={rows}
          href={({ contact }) => `/contacts/${contact.id}`}
        />
      </IndexList>
    </section>
  );
}
