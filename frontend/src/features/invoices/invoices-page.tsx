import { Button } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { isProblem } from '@/api/problem';
import type { InvoiceKind, StartedExport } from '@/api/types';
import { useFormat } from '@/lib/locale';
import { count } from '@/lib/plural';
import { IndexEmpty, IndexList } from '@/ui/index/index-list';
import { IndexPage } from '@/ui/index/index-page';
import { IndexTable } from '@/ui/index/index-table';
import { TabRow } from '@/ui/index/tab-row';
import { usePanel } from '@/ui/use-panel';
import { AllThatMatch } from './all-that-match';
import { INVOICE_COLUMNS } from './columns';
import { EnteredNote } from './entered/entered-offer';
import { ExportDialog } from './export-dialog';
import { Filters } from './filters';
import { InvoicePanel } from './invoice-panel';
import { type InvoicesSearch, isNarrowed } from './search';
import { bodyOf, bodyOfAll, bodyOfIds } from './selection-body';
import { whyNotTickable } from './tickable';
import { TickedBar } from './ticked-bar';
import { useEndOfMatching } from './use-end-of-matching';
import { useExport } from './use-export';
import { type InvoiceList, useInvoiceList } from './use-invoice-list';
import { EMPTY, tabsOf, WORDS } from './words';
import './invoices-page.css';
import { numberOf } from '@/lib/invoice-number';
import { sumWords } from '@/lib/sum-words';

type Props = {
  kind: InvoiceKind;
  search: InvoicesSearch;
  onSearch: (change: Partial<InvoicesSearch>) => void;
  onExportStarted: (run: StartedExport) => void;
};

/** Customer or supplier invoices: find them, tick them, export them. */
export function InvoicesPage({ kind, search, onSearch, onExportStarted }: Props) {
  const client = useQueryClient();
  const searchBox = useRef<HTMLInputElement>(null);
  const invoices = useInvoiceList(kind, search);
  const { view, filter, list, total, ticks } = invoices;
  const isUnknownCause = isAboutProblem(list.error);
  const panel = usePanel();
  const format = useFormat();
  const openAt = invoices.rows.findIndex((row) => row.id === panel.openId);
  useEndOfMatching(ticks, search, onSearch);

  const exporting = useExport((run) => {
    ticks.setAside(run.id);
    client.invalidateQueries({ queryKey: ['invoices'] });
    onExportStarted(run);
  });
  const lookAgain = () => {
    exporting.dismiss();
    client.invalidateQueries({ queryKey: ['invoices'] });
  };
  return (
    <IndexPage
      title={WORDS[kind].title}
      actions={
        view === 'ready' &&
        total !== null &&
        total > 0 && (
          <ExportAll
            total={total}
            quiet={ticks.count > 0}
            busy={exporting.busy}
            onExport={() => exporting.begin(bodyOfAll(filter, total))}
          />
        )
      }
      panel={
        panel.openId && (
          <InvoicePanel
            id={panel.openId}
            previous={invoices.rows[openAt - 1]?.id}
            next={openAt < 0 ? undefined : invoices.rows[openAt + 1]?.id}
            busy={exporting.busy}
            onShow={panel.show}
            onExport={(id) => exporting.begin(bodyOfIds([id]))}
            onClose={panel.hide}
          />
        )
      }
    >
      <TabRow
        label="Views"
        tabs={tabsOf(invoices.counts, view)}
        value={view}
        onChange={(next) => onSearch({ view: next, problem: undefined, open: undefined })}
      />
      <div className="index-filters">
        <Filters
          search={search}
          problemTitle={titleOf(search.problem, invoices.rows)}
          placeholder={WORDS[kind].search}
          searchBox={searchBox}
          onChange={(change) => onSearch({ ...change, open: undefined })}
        />
        <span className="index-count only-wide" role="status">
          <HowMany {...invoices} />
        </span>
      </div>
      <AllThatMatch {...invoices} />
      {(view === 'ready' || view === 'attention') && <EnteredNote kind={kind} />}
      <IndexList
        label="Invoice list"
        query={isUnknownCause ? { ...list, isError: false } : list}
        isEmpty={invoices.rows.length === 0}
        empty={<Nothing search={search} isUnknownCause={isUnknownCause} onSearch={onSearch} />}
        onFind={() => searchBox.current?.focus()}
      >
        <IndexTable
          label={WORDS[kind].title}
          columns={INVOICE_COLUMNS[kind]}
          rows={invoices.rows}
          sort={invoices.sort}
          onSort={(sort) => onSearch({ sort: sort as InvoicesSearch['sort'] })}
          open={panel.openId}
          onOpen={panel.show}
          onClose={panel.hide}
          ticks={ticks}
          tickable={invoices.tickable.map((row) => row.id)}
          tickBox={tickBoxOf}
          sum={sumWords(invoices.tickable, format)}
        />
      </IndexList>
      <TickedBar
        list={invoices}
        busy={exporting.busy}
        onExport={(ids) =>
          exporting.begin(ids ? bodyOfIds(ids) : bodyOf(ticks.selection, filter, total ?? 0))
        }
        onFix={(ids) => exporting.look(bodyOfIds(ids))}
      />
      <ExportDialog exporting={exporting} kind={kind} onLookAgain={lookAgain} />
    </IndexPage>
  );
}

/** "12 invoices"; in a narrowed view "3 of 12 match". */
function HowMany({ list, total, whole, narrowed }: InvoiceList) {
  const format = useFormat();
  if (list.isFetching && !list.isPending) return 'Updating…';
  if (total === null) return null;
  if (narrowed && whole !== null) return `${format.number(total)} of ${format.number(whole)} match`;
  return count(total, 'invoice', 'invoices');
}

const titleOf = (code: string | undefined, rows: InvoiceList['rows']) =>
  rows.flatMap(({ problems }) => problems).find((problem) => problem.code === code)?.title ?? null;

const tickBoxOf = (invoice: Parameters<typeof whyNotTickable>[0] & { number: string | null }) => ({
  label: numberOf(invoice),
  whyNot: whyNotTickable(invoice),
});

type ExportAllProps = { total: number; quiet: boolean; busy: boolean; onExport: () => void };

/** The page's filled button, until ticked rows have one of their own. */
function ExportAll({ total, quiet, busy, onExport }: ExportAllProps) {
  const format = useFormat();
  return (
    <Button
      variant={quiet ? 'default' : 'filled'}
      leftSection={<IconUpload size={16} aria-hidden />}
      loading={busy}
      onClick={onExport}
    >
      Export all {format.number(total)}
    </Button>
  );
}

const nothingWords = ({ problem, q }: InvoicesSearch, isUnknownCause: boolean) => {
  if (isUnknownCause) return 'There is no such cause';
  return problem && !q ? 'No invoice has this problem any more' : 'Nothing matches';
};

const isAboutProblem = (error: unknown) =>
  isProblem(error) && error.errors.some(({ parameter }) => parameter === 'problem');

type NothingProps = Pick<Props, 'search' | 'onSearch'> & { isUnknownCause: boolean };

function Nothing({ search, isUnknownCause, onSearch }: NothingProps) {
  const { view = 'ready' } = search;
  if (isNarrowed(search)) {
    return (
      <IndexEmpty title={nothingWords(search, isUnknownCause)}>
        <Button
          mt="sm"
          variant="default"
          onClick={() => onSearch({ problem: undefined, q: undefined, from: undefined, to: undefined })}
        >
          Clear filters
        </Button>
      </IndexEmpty>
    );
  }
  return <IndexEmpty title={EMPTY[view].title}>{EMPTY[view].text}</IndexEmpty>;
}
