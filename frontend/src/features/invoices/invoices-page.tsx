import { Button, Group, Text } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useRef } from 'react';
import type { Export, InvoiceKind } from '@/api/types';
import { useFormat } from '@/lib/locale';
import { sumByCurrency } from '@/lib/money';
import { count } from '@/lib/plural';
import { EVERYTHING, isTicked, NOTHING } from '@/lib/selection';
import { IndexPage } from '@/ui/index-page';
import { countsQuery, invoicesQuery } from './api';
import { BulkBar } from './bulk-bar';
import { ExportDialog } from './export-dialog';
import { Filters } from './filters';
import { InvoiceList } from './invoice-list';
import { InvoicePanel } from './invoice-panel';
import { filterOf, type InvoicesSearch, isNarrowed } from './search';
import { bodyOf } from './selection-body';
import { faceOf } from './states';
import { useExport } from './use-export';
import { useTicks } from './use-ticks';
import { countOf, ViewTabs } from './view-tabs';
import { WORDS } from './words';

type Props = {
  kind: InvoiceKind;
  search: InvoicesSearch;
  onSearch: (change: Partial<InvoicesSearch>) => void;
  onExportStarted: (run: Export) => void;
};

/** Customer or supplier invoices: find them, tick them, send them. */
export function InvoicesPage({ kind, search, onSearch, onExportStarted }: Props) {
  const client = useQueryClient();
  const searchBox = useRef<HTMLInputElement>(null);
  const view = search.view ?? 'ready';
  const sort = search.sort ?? '-issued_on';
  const filter = useMemo(() => filterOf(kind, search), [kind, search]);
  const list = useInfiniteQuery(invoicesQuery(filter, sort));
  const counts = useQuery(countsQuery).data?.[kind];

  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const tickable = useMemo(
    () => rows.filter((row) => faceOf(row).untickable === null).map((row) => row.id),
    [rows],
  );
  // How many match is known for a whole view, or once the last of the narrowed list is here.
  const whole = counts && !isNarrowed(search) ? countOf(counts, view) : null;
  const total = whole ?? (list.isSuccess && !list.hasNextPage ? rows.length : null);
  const ticks = useTicks(JSON.stringify(filter), tickable);
  const ticked = ticks.count(total ?? 0);
  const shownTicked = rows.filter((row) => tickable.includes(row.id) && isTicked(ticks.selection, row.id));

  const sending = useExport((run) => {
    ticks.select(NOTHING);
    client.invalidateQueries({ queryKey: ['invoices'] });
    onExportStarted(run);
  });

  const open = useCallback((id: string) => onSearch({ open: id }), [onSearch]);
  const close = useCallback(() => {
    onSearch({ open: undefined });
    if (search.open) focusRow(search.open);
  }, [onSearch, search.open]);
  const lookAgain = () => {
    sending.dismiss();
    client.invalidateQueries({ queryKey: ['invoices'] });
  };
  const offersAll =
    view === 'ready' && ticks.selection.mode === 'ids' && total !== null && total > tickable.length;
  const allShownTicked = tickable.length > 0 && tickable.every((id) => isTicked(ticks.selection, id));

  return (
    <IndexPage
      title={WORDS[kind].title}
      intro={WORDS[kind].intro}
      actions={
        view === 'ready' &&
        total !== null &&
        total > 0 && (
          <ExportAll
            total={total}
            busy={sending.busy}
            onExport={() => sending.begin(bodyOf(EVERYTHING, filter, total))}
          />
        )
      }
      panel={
        search.open && (
          <InvoicePanel
            id={search.open}
            busy={sending.busy}
            onExport={(id) => sending.begin({ mode: 'ids', ids: [id] })}
            onClose={close}
          />
        )
      }
    >
      <ViewTabs view={view} counts={counts} onView={(next) => onSearch({ view: next, open: undefined })} />
      <div className="index-filters">
        <Filters
          search={search}
          placeholder={WORDS[kind].search}
          searchBox={searchBox}
          onChange={(change) => onSearch({ ...change, open: undefined })}
        />
        <Text fz="xs" c="dimmed" role="status" ml="auto" visibleFrom="sm">
          {list.isFetching && !list.isPending
            ? 'Updating…'
            : total !== null && count(total, 'invoice', 'invoices')}
        </Text>
      </div>
      {offersAll && allShownTicked && (
        <div className="index-note" role="status">
          All {tickable.length} shown are ticked.
          <Button size="compact-sm" variant="subtle" onClick={() => ticks.select(EVERYTHING)}>
            Tick all {total} that match
          </Button>
        </div>
      )}
      {ticks.selection.mode === 'matching' && (
        <div className="index-note" role="status">
          {ticked === total
            ? `All ${total} that match are ticked.`
            : `${ticked} of ${total} that match are ticked.`}
          <Button size="compact-sm" variant="subtle" onClick={() => ticks.select(NOTHING)}>
            Untick all
          </Button>
        </div>
      )}
      <InvoiceList
        kind={kind}
        list={list}
        rows={rows}
        tickable={tickable}
        selection={ticks.selection}
        search={{ ...search, view, sort }}
        onSearch={onSearch}
        onToggle={ticks.toggle}
        onToggleShown={ticks.toggleShown}
        onOpen={open}
        onClose={close}
        onFind={() => searchBox.current?.focus()}
      />
      <BulkBar
        count={ticked}
        amounts={shownTicked.length === ticked ? sumByCurrency(shownTicked) : null}
        busy={sending.busy}
        onExport={() => sending.begin(bodyOf(ticks.selection, filter, total ?? 0))}
        onClear={() => ticks.select(NOTHING)}
      />
      <ExportDialog
        question={sending.question}
        busy={sending.busy}
        onConfirm={sending.confirm}
        onDismiss={sending.dismiss}
        onLookAgain={lookAgain}
      />
    </IndexPage>
  );
}

type ExportAllProps = { total: number; busy: boolean; onExport: () => void };

function ExportAll({ total, busy, onExport }: ExportAllProps) {
  const format = useFormat();
  return (
    <Group gap="xs">
      <Button
        variant="default"
        leftSection={<IconUpload size={16} aria-hidden />}
        loading={busy}
        onClick={onExport}
      >
        Export all {format.number(total)}
      </Button>
    </Group>
  );
}

function focusRow(id: string) {
  requestAnimationFrame(() => {
    document.querySelector<HTMLElement>(`tr[data-id="${CSS.escape(id)}"] .row-link`)?.focus();
  });
}
