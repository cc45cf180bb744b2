import { Button } from '@mantine/core';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import type { InvoiceKind, InvoiceSummary } from '@/api/types';
import type { Selection } from '@/lib/selection';
import { IndexEmpty, IndexSkeleton } from '@/ui/index-page';
import { ProblemNote } from '@/ui/problem-note';
import { InvoiceTable } from './invoice-table';
import type { InvoicesSearch, Sort, View } from './search';
import { EMPTY } from './words';

type Props = {
  kind: InvoiceKind;
  list: UseInfiniteQueryResult;
  rows: readonly InvoiceSummary[];
  tickable: readonly string[];
  selection: Selection;
  search: InvoicesSearch & { view: View; sort: Sort };
  onSearch: (change: Partial<InvoicesSearch>) => void;
  onToggle: (id: string, range: boolean) => void;
  onToggleShown: () => void;
  onOpen: (id: string) => void;
  onClose: () => void;
  onFind: () => void;
};

/** The rows, or what is there instead of them: loading, an error, nothing yet, nothing that matches. */
export function InvoiceList({ list, rows, search, onSearch, onFind, ...table }: Props) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a scrolling region that the keyboard has to reach
    <div
      className="index-scroll"
      role="region"
      aria-label="Invoice list"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key !== '/' || event.target instanceof HTMLInputElement) return;
        event.preventDefault();
        onFind();
      }}
    >
      {list.isPending && <IndexSkeleton />}
      {list.isError && (
        <div style={{ padding: 24 }}>
          <ProblemNote error={list.error} title="We couldn’t load invoices" onRetry={() => list.refetch()} />
        </div>
      )}
      {list.isSuccess && rows.length === 0 && <Nothing search={search} onSearch={onSearch} />}
      {rows.length > 0 && (
        <InvoiceTable
          rows={rows}
          sort={search.sort}
          open={search.open}
          onSort={(sort) => onSearch({ sort })}
          {...table}
        />
      )}
      {list.hasNextPage && (
        <div style={{ padding: 16, textAlign: 'center' }}>
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            Show 50 more
          </Button>
        </div>
      )}
    </div>
  );
}

function Nothing({ search, onSearch }: Pick<Props, 'search' | 'onSearch'>) {
  const { q, from, to, view } = search;
  if (q || from || to) {
    return (
      <IndexEmpty title="Nothing matches">
        <Button
          mt="sm"
          variant="default"
          onClick={() => onSearch({ q: undefined, from: undefined, to: undefined })}
        >
          Clear filters
        </Button>
      </IndexEmpty>
    );
  }
  return <IndexEmpty title={EMPTY[view].title}>{EMPTY[view].text}</IndexEmpty>;
}
