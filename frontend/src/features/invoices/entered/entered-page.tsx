import { Button } from '@mantine/core';
import { IconLink } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { InvoiceSummary } from '@/api/types';
import { useSession } from '@/api/use-session';
import { invoicesQuery, matchesQuery } from '@/features/invoices/api';
import { InvoicePanel } from '@/features/invoices/invoice-panel';
import type { Sort } from '@/features/invoices/search';
import { bodyOf } from '@/features/invoices/selection-body';
import { type TickedInvoice, tickedInvoice } from '@/features/invoices/tickable';
import { numberOf } from '@/lib/invoice-number';
import { useFormat } from '@/lib/locale';
import { count } from '@/lib/plural';
import { sumWords } from '@/lib/sum-words';
import { BulkBar } from '@/ui/index/bulk-bar';
import { IndexEmpty, IndexList } from '@/ui/index/index-list';
import { IndexPage } from '@/ui/index/index-page';
import { IndexTable } from '@/ui/index/index-table';
import { useTicks } from '@/ui/index/use-ticks';
import { usePanel } from '@/ui/use-panel';
import { useVerdict } from './api';
import { ENTERED_COLUMNS } from './columns';
import { enteredFilter, whyAlone } from './documents';
import './entered.css';

/** What somebody else seems to have entered in Xero: linked together, or answered one by one. */
export function EnteredPage() {
  const entered = useEntered();
  const { list, rows, total, ticks, tickable } = entered;
  const panel = usePanel();
  const format = useFormat();
  const openAt = rows.findIndex((row) => row.id === panel.openId);
  return (
    <IndexPage
      title="In Xero already?"
      back={{ to: '/invoices', label: 'Customer invoices' }}
      panel={
        panel.openId && (
          <InvoicePanel
            id={panel.openId}
            previous={rows[openAt - 1]?.id}
            next={openAt < 0 ? undefined : rows[openAt + 1]?.id}
            busy={false}
            onShow={panel.show}
            onClose={panel.hide}
          />
        )
      }
    >
      <p className="entered-intro">
        These look like documents that another tool or a person has put into Xero. Link those that are the
        same: nothing is sent, and they count as in Xero. The others can be exported.
      </p>
      <div className="index-filters">
        <span className="index-count" role="status">
          {total !== null && count(total, 'invoice', 'invoices')}
        </span>
        {total !== null && total > tickable.length && ticks.count < total && (
          <Button size="compact-sm" variant="subtle" onClick={ticks.tickAll}>
            Tick all {format.number(total)}
          </Button>
        )}
      </div>
      <IndexList
        label="Invoices that look entered already"
        query={list}
        isEmpty={rows.length === 0}
        empty={
          <IndexEmpty title="Nothing to compare">
            Invoices show here when Xero has a document that looks the same and that Jobtally didn’t send.
          </IndexEmpty>
        }
      >
        <IndexTable
          label="Invoices that look entered already"
          columns={ENTERED_COLUMNS}
          rows={rows}
          sort={entered.sort}
          onSort={(sort) => entered.onSort(sort as Sort)}
          open={panel.openId}
          onOpen={panel.show}
          onClose={panel.hide}
          ticks={ticks}
          tickable={tickable.map(({ id }) => id)}
          tickBox={(row: InvoiceSummary) => ({ label: numberOf(row), whyNot: whyAlone(row) })}
          sum={sumWords(tickable, format)}
        />
      </IndexList>
      <Verdicts {...entered} />
    </IndexPage>
  );
}

const FILTER = enteredFilter();

function useEntered() {
  const { user, business } = useSession();
  const [sort, onSort] = useState<Sort>('-issued_on');
  const list = useInfiniteQuery(invoicesQuery(FILTER, sort));
  const total = useQuery(matchesQuery(FILTER)).data ?? null;
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const [tickable, untickable] = useMemo(() => {
    const certain = rows.filter((row) => whyAlone(row) === null);
    return [certain.map(tickedInvoice), rows.filter((row) => whyAlone(row) !== null).map(({ id }) => id)];
  }, [rows]);
  const ticks = useTicks<TickedInvoice>({
    name: `${user.id} ${business.id} entered`,
    filter: JSON.stringify(FILTER),
    total,
    shown: tickable,
    untickable,
  });
  return { list, rows, total, ticks, tickable, sort, onSort };
}

/** The answers for what is ticked. */
function Verdicts({ ticks, total, rows }: ReturnType<typeof useEntered>) {
  const format = useFormat();
  const verdict = useVerdict(ticks.clear);
  const mayAnswer = useSession().role !== 'viewer';
  const { selection } = ticks;
  const ticked = selection.mode === 'ids' ? [...selection.rows.values()] : [];
  const shown = new Set(rows.map(({ id }) => id));
  const give = (answer: 'same' | 'different') =>
    verdict.mutate({ selection: bodyOf(selection, FILTER, total ?? 0), verdict: answer });
  return (
    <BulkBar
      label="Ticked invoices"
      count={ticks.count}
      sum={ticked.length > 0 ? sumWords(ticked, format) : null}
      lines={ticked.map((row) => ({
        id: row.id,
        number: numberOf(row),
        name: row.contact_name,
        mark: null,
        value: format.money(row.total, row.currency),
      }))}
      away={ticked.filter(({ id }) => !shown.has(id)).length}
      actions={
        mayAnswer && (
          <>
            <Button variant="subtle" loading={verdict.isPending} onClick={() => give('different')}>
              Not the same
            </Button>
            <Button
              leftSection={<IconLink size={16} aria-hidden />}
              loading={verdict.isPending}
              onClick={() => give('same')}
            >
              Link {format.number(ticks.count)}
              <span className="only-wide">&nbsp;as the same</span>
            </Button>
          </>
        )
      }
      onUntick={(id) => ticked.filter((row) => row.id === id).forEach(ticks.untick)}
      onClear={ticks.clear}
    />
  );
}
