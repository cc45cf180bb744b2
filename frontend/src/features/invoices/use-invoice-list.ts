import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { InvoiceKind } from '@/api/types';
import { useSession } from '@/api/use-session';
import { useTicks } from '@/ui/index/use-ticks';
import { countsQuery, invoicesQuery, matchesQuery } from './api';
import { filterOf, type InvoicesSearch, isNarrowed } from './search';
import { tickedInvoice, whyNotTickable } from './tickable';
import { countOf } from './words';

/** The invoices that an address stands for, how many there are, and the ticks of the page. */
export function useInvoiceList(kind: InvoiceKind, search: InvoicesSearch) {
  const { user, business } = useSession();
  const view = search.view ?? 'ready';
  const sort = search.sort ?? '-issued_on';
  const filter = useMemo(() => filterOf(kind, search), [kind, search]);
  const list = useInfiniteQuery(invoicesQuery(filter, sort));
  const counts = useQuery(countsQuery).data?.[kind];
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const [tickable, untickable] = useMemo(() => {
    const can = rows.filter((row) => whyNotTickable(row) === null);
    const cannot = rows.filter((row) => whyNotTickable(row) !== null);
    return [can.map(tickedInvoice), cannot.map((row) => row.id)];
  }, [rows]);
  const whole = counts ? countOf(counts, view) : null;
  const narrowed = isNarrowed(search);
  const matches = useQuery({ ...matchesQuery(filter), enabled: narrowed }).data ?? null;
  const total = narrowed ? matches : whole;
  const ticks = useTicks({
    name: `${user.id} ${business.id} ${kind}`,
    filter: JSON.stringify(filter),
    total,
    shown: tickable,
    untickable,
  });
  return { view, sort, filter, list, counts, rows, tickable, total, whole, narrowed, ticks };
}

export type InvoiceList = ReturnType<typeof useInvoiceList>;
