import { IconExternalLink } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Export, ExportItem } from '@/api/types';
import type { Column } from '@/ui/index/columns';
import { IndexEmpty, IndexList } from '@/ui/index/index-list';
import { IndexTable } from '@/ui/index/index-table';
import { TabRow } from '@/ui/index/tab-row';
import { StateMark } from '@/ui/state-mark';
import { exportItemsQuery, isFinished } from './api';
import './export-items.css';
import { numberOf } from '@/lib/invoice-number';

export type Result = 'rejected' | 'exported';

const COLUMNS: readonly Column<ExportItem>[] = [
  {
    id: 'number',
    head: 'Invoice',
    width: '112px',
    phone: 'number',
    opens: true,
    cell: numberOf,
  },
  { id: 'contact', head: 'Contact', phone: 'title', cell: (item) => item.contact_name },
  {
    id: 'total',
    head: 'Total',
    width: '128px',
    phone: 'value',
    isAmount: true,
    cell: (item, format) => format.money(item.total, item.currency),
  },
  {
    id: 'result',
    head: 'Result',
    width: '44%',
    narrow: '36%',
    phone: 'state',
    cell: (item) => <ResultCell item={item} />,
  },
];

function ResultCell({ item }: { item: ExportItem }) {
  const [first, ...others] = [...item.problems, ...item.remarks];
  return (
    <span className="item-result">
      <StateMark of="item" state={item.state} />
      {item.external_url && (
        <a
          href={item.external_url}
          target="_blank"
          rel="noopener noreferrer"
          className="item-link"
          aria-label={`Open ${numberOf(item)} in Xero`}
          title="Open in Xero"
        >
          <IconExternalLink size={15} stroke={1.8} aria-hidden />
        </a>
      )}
      {first && (
        <span className="item-problem" title={first.detail}>
          {first.title}
          {others.length > 0 && ` +${others.length}`}
        </span>
      )}
    </span>
  );
}

type Props = { run: Export; result: Result | undefined; onResult: (result: Result | undefined) => void };

/** The result of every invoice in a run. */
export function ExportItems({ run, result, onResult }: Props) {
  const items = useInfiniteQuery(exportItemsQuery(run.id, result, !isFinished(run)));
  const rows = items.data?.pages.flatMap((page) => page.items) ?? [];
  const tabs = [
    { value: 'all', label: 'All', count: run.total },
    { value: 'exported', label: 'In Xero', count: run.exported },
    { value: 'rejected', label: 'Not accepted', count: run.rejected, warns: true },
  ] as const;
  return (
    <section aria-label="Results" className="page-list">
      <TabRow
        label="Results"
        tabs={tabs}
        value={result ?? 'all'}
        onChange={(value) => onResult(value === 'all' ? undefined : value)}
      />
      <IndexList
        label="Result list"
        query={items}
        isEmpty={rows.length === 0}
        empty={<IndexEmpty title="None of the invoices is here" />}
      >
        <IndexTable label="Results" columns={COLUMNS} rows={rows} href={addressOf} />
      </IndexList>
    </section>
  );
}

const addressOf = (item: ExportItem) =>
  `${item.kind === 'customer' ? '/invoices' : '/bills'}?view=all&open=${item.invoice_id}`;
