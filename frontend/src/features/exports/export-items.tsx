import { Button, Skeleton, Tabs, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Export, ExportItem } from '@/api/types';
import { useFormat } from '@/lib/locale';
import { HrefLink } from '@/ui/app-link';
import { ProblemNote } from '@/ui/problem-note';
import { StateMark } from '@/ui/state-mark';
import { exportItemsQuery, isFinished } from './api';
import { ITEM_FACES } from './words';
import '@/ui/index-table.css';
import './export-items.css';

export type Result = 'rejected' | 'exported';

type Props = { run: Export; result: Result | undefined; onResult: (result: Result | undefined) => void };

/** The result of every invoice in a run. */
export function ExportItems({ run, result, onResult }: Props) {
  const items = useInfiniteQuery(exportItemsQuery(run.id, result, !isFinished(run)));
  const rows = items.data?.pages.flatMap((page) => page.items) ?? [];
  const tabs = [
    { value: 'all', label: 'All', n: run.total },
    { value: 'exported', label: 'In Xero', n: run.exported },
    { value: 'rejected', label: 'Not accepted', n: run.rejected },
  ];
  const choose = (value: string | null) => onResult(value === 'all' ? undefined : (value as Result));
  return (
    <section aria-label="Results">
      <Tabs value={result ?? 'all'} onChange={choose}>
        <Tabs.List aria-label="Results">
          {tabs.map(({ value, label, n }) => (
            <Tabs.Tab key={value} value={value} rightSection={<span className="count">{n}</span>}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {items.isPending && <Skeleton h={160} mt="md" />}
      {items.isError && <ProblemNote error={items.error} onRetry={() => items.refetch()} />}
      {items.isSuccess && rows.length === 0 && (
        <Text fz="sm" c="dimmed" py="lg" ta="center">
          None of the invoices is here.
        </Text>
      )}
      {rows.length > 0 && (
        <table className="index export-items">
          <thead>
            <tr>
              <th data-cell="sub">Invoice</th>
              <th data-cell="title">Contact</th>
              <th data-cell="amount">Total</th>
              <th data-cell="state">Result</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((item) => (
              <ItemRow key={item.id} item={item} />
            ))}
          </tbody>
        </table>
      )}
      {items.hasNextPage && (
        <Button
          variant="default"
          mt="md"
          loading={items.isFetchingNextPage}
          onClick={() => items.fetchNextPage()}
        >
          Show 100 more
        </Button>
      )}
    </section>
  );
}

function ItemRow({ item }: { item: ExportItem }) {
  const format = useFormat();
  const page = item.kind === 'customer' ? '/invoices' : '/bills';
  return (
    <tr>
      <td data-cell="sub">
        <HrefLink href={`${page}?view=all&open=${item.invoice_id}`}>{item.number}</HrefLink>
      </td>
      <td data-cell="title">{item.contact_name}</td>
      <td data-cell="amount">{format.money(item.total, item.currency)}</td>
      <td data-cell="state">
        <StateMark {...ITEM_FACES[item.state]} />
        {item.external_url && (
          <a
            href={item.external_url}
            target="_blank"
            rel="noopener noreferrer"
            className="text-link item-link"
            aria-label={`Open ${item.number} in Xero`}
          >
            Open <IconExternalLink size={13} aria-hidden />
          </a>
        )}
        {[...item.problems, ...item.remarks].map(({ code, title, detail }) => (
          <span key={code + detail} className="item-problem">
            {title}
          </span>
        ))}
      </td>
    </tr>
  );
}
