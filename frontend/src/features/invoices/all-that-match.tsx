import { Button } from '@mantine/core';
import { useFormat } from '@/lib/locale';
import { isTicked } from '@/lib/selection';
import type { InvoiceList } from './use-invoice-list';

/** Offers to tick everything that matches once all that is shown is ticked, and says so while it is. */
export function AllThatMatch({ view, total, tickable, ticks }: InvoiceList) {
  const format = useFormat();
  const { selection, tickAll, clear, count } = ticks;
  if (selection.mode === 'matching' && total !== null) {
    const all = format.number(total);
    return (
      <div className="index-note" role="status">
        {count === total
          ? `All ${all} that match are ticked.`
          : `${format.number(count)} of ${all} that match are ticked.`}
        <Button size="compact-sm" variant="subtle" onClick={clear}>
          Untick all
        </Button>
      </div>
    );
  }
  const allShown = tickable.length > 0 && tickable.every(({ id }) => isTicked(selection, id));
  if (view !== 'ready' || total === null || total <= tickable.length || !allShown) return null;
  return (
    <div className="index-note" role="status">
      All {format.number(tickable.length)} shown are ticked.
      <Button size="compact-sm" variant="subtle" onClick={tickAll}>
        Tick all {format.number(total)} that match
      </Button>
    </div>
  );
}
