import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { type ItemFilter, itemsQuery } from '@/api/ledger';
import { connectionQuery, preferencesQuery } from '@/api/shared';
import type { Item } from '@/api/types';
import { useSession } from '@/api/use-session';
import type { Format } from '@/lib/locale';
import { HrefLink } from '@/ui/app-link';
import type { Column } from '@/ui/index/columns';
import { IndexEmpty, IndexList } from '@/ui/index/index-list';
import { IndexPage } from '@/ui/index/index-page';
import { IndexTable } from '@/ui/index/index-table';
import { TabRow } from '@/ui/index/tab-row';
import { RefreshFromXero } from '@/ui/refresh-from-xero';
import { SearchBox } from '@/ui/search-box';
import { StateMark } from '@/ui/state-mark';
import { WayBack } from '@/ui/way-back';

export type ItemsSearch = { q?: string | undefined; match?: 'differs' | 'missing' | undefined };

const TABS = [
  { value: 'all', label: 'All' },
  { value: 'differs', label: 'Different in Xero' },
  { value: 'missing', label: 'Not in Xero' },
] as const;

const columnsOf = (currency: string): readonly Column<Item>[] => [
  { id: 'code', head: 'Code', width: '140px', phone: 'number', cell: ({ code }) => code },
  {
    id: 'name',
    head: 'Name',
    phone: 'title',
    cell: (item) => (
      <>
        {item.name}
        {item.in_ledger?.is_tracked && <span className="soft"> · stock is counted in Xero</span>}
      </>
    ),
  },
  {
    id: 'sale',
    head: 'Sale',
    width: '190px',
    phone: 'text',
    cell: ({ sale_price, sale_code }, format) => price(sale_price, sale_code, currency, format),
  },
  {
    id: 'purchase',
    head: 'Purchase',
    width: '190px',
    only: 'wide',
    phone: 'none',
    cell: ({ purchase_price, purchase_code }, format) =>
      price(purchase_price, purchase_code, currency, format),
  },
  {
    id: 'match',
    head: 'Xero',
    width: '30%',
    narrow: '230px',
    phone: 'state',
    cell: (item, format) => (
      <>
        <StateMark of="catalogue" state={item.match} />
        {item.match === 'differs' && <span className="soft"> {theirs(item, currency, format)}</span>}
      </>
    ),
  },
];

type Props = { search: ItemsSearch; onSearch: (change: ItemsSearch) => void };

/** Settings ▸ Items: what the business sells and buys, beside the item of the same code in Xero. */
export function ItemsPage({ search, onSearch }: Props) {
  const { currency } = useSession().business;
  const { q, match } = search;
  const filter: ItemFilter = { ...(q ? { q } : {}), ...(match ? { match } : {}) };
  const items = useInfiniteQuery(itemsQuery(filter));
  const connected = useQuery(connectionQuery).data?.state === 'connected';
  const sent = useQuery(preferencesQuery).data?.value.send_item_codes;
  const searchBox = useRef<HTMLInputElement>(null);
  const rows = items.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <IndexPage title="Items" actions={connected && <RefreshFromXero />}>
      <TabRow
        label="State in Xero"
        tabs={TABS}
        value={search.match ?? 'all'}
        onChange={(next) => onSearch({ ...search, match: next === 'all' ? undefined : next })}
      />
      <div className="index-filters">
        <WayBack />
        <SearchBox
          label="Search items"
          placeholder="Code or name"
          value={search.q ?? ''}
          ref={searchBox}
          onChange={(typed) => onSearch({ ...search, q: typed || undefined })}
        />
        <span className="soft">
          {sent ? 'Lines are sent with their item.' : 'Item codes stay here: they aren’t sent to Xero.'}{' '}
          <HrefLink href="/settings/accounting#items">Change</HrefLink>
        </span>
      </div>
      <IndexList
        label="Item list"
        query={items}
        isEmpty={rows.length === 0}
        empty={
          search.q || search.match ? (
            <IndexEmpty title="Nothing matches" />
          ) : (
            <IndexEmpty title="No items yet">Connect to Xero to bring in your items.</IndexEmpty>
          )
        }
        onFind={() => searchBox.current?.focus()}
      >
        <IndexTable label="Items" columns={columnsOf(currency)} rows={rows} />
      </IndexList>
    </IndexPage>
  );
}

/** "$95.00 · code 200" */
function price(amount: string | null, code: string | null, currency: string, format: Format): string {
  return (
    [amount && format.price(amount, currency), code && `code ${code}`].filter(Boolean).join(' · ') || '–'
  );
}

const SIDES = [
  ['sale', 'sale_price', 'sale_code'],
  ['purchase', 'purchase_price', 'purchase_code'],
] as const;

/** What Xero has where it differs: "sale $12.45, name Pipe" */
function theirs({ in_ledger: xero, ...ours }: Item, currency: string, format: Format): string {
  if (!xero) return '';
  return [
    ...SIDES.flatMap(([side, amount, code]) => [
      xero[amount] !== ours[amount] && `${side} ${price(xero[amount], null, currency, format)}`,
      xero[code] !== ours[code] && `${side} code ${xero[code] ?? '–'}`,
    ]),
    xero.name !== ours.name && `name ${xero.name}`,
    xero.description !== ours.description && 'another description',
  ]
    .filter(Boolean)
    .join(', ');
}
