import { useEffect, useRef } from 'react';
import { toastUndo } from '@/ui/toast';
import { closeToast } from '@/ui/toast-store';
import type { InvoicesSearch } from './search';
import type { InvoiceList } from './use-invoice-list';

type Ended = NonNullable<InvoiceList['ticks']['ended']>;

/** *All that match* means one filter: when that is left, it ends, and says so with a way back. */
export function useEndOfMatching(
  ticks: InvoiceList['ticks'],
  search: InvoicesSearch,
  onSearch: (change: Partial<InvoicesSearch>) => void,
) {
  const { ended, filter, select, clear } = ticks;
  const before = useRef(search);
  const comingBack = useRef<Ended | null>(null);
  const toast = useRef<string | null>(null);
  useEffect(() => {
    if (comingBack.current?.filter === filter) {
      select(comingBack.current);
      comingBack.current = null;
    }
    if (!ended) {
      before.current = search;
      return;
    }
    const { view, problem, q, from, to } = before.current;
    clear();
    toast.current = toastUndo('All that matched were unticked', () => {
      comingBack.current = ended;
      onSearch({ view, problem, q, from, to });
    });
  }, [ended, filter, search, select, clear, onSearch]);
  // The way back leads to this page's list, so it goes when the page is left.
  useEffect(() => () => closeToast(toast.current ?? ''), []);
}
