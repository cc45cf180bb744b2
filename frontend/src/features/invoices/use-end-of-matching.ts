import { useEffect, useRef } from 'react';
import { toastUndo } from '@/ui/toast';
import type { InvoicesSearch } from './search';
import type { InvoiceList } from './use-invoice-list';

/** *All that match* means one filter: when that is left, it ends, and says so with a way back. */
export function useEndOfMatching(
  ticks: InvoiceList['ticks'],
  search: InvoicesSearch,
  onSearch: (change: Partial<InvoicesSearch>) => void,
) {
  const { ended, select, clear } = ticks;
  const before = useRef(search);
  useEffect(() => {
    if (!ended) {
      before.current = search;
      return;
    }
    const { view, q, from, to } = before.current;
    clear();
    toastUndo('All that matched were unticked', () => {
      select(ended);
      onSearch({ view, q, from, to });
    });
  }, [ended, search, select, clear, onSearch]);
}
