import { useMemo, useState } from 'react';
import { isTicked } from '@/lib/selection';
import { useOverlay } from '@/ui/use-overlay';
import type { Column } from './columns';
import { IndexHead } from './index-head';
import { IndexRow, type TickBox } from './index-row';
import { moveByKey } from './row-keys';
import { useFocusReturn } from './use-focus-return';
import { useNarrow } from './use-narrow';
import type { Ticks } from './use-ticks';
import './index-table.css';

type Props<Row extends { id: string }, Kept extends { id: string }> = {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  sort?: string;
  onSort?: (sort: string) => void;
  /** Where a row leads; a list whose rows open a panel or a dialog has `onOpen` instead. */
  href?: (row: Row) => string;
  onOpen?: (id: string) => void;
  /** The row whose panel is open, and what closes it. */
  open?: string;
  onClose?: () => void;
  ticks?: Ticks<Kept>;
  /** The rows that can be ticked, by id. */
  tickable?: readonly string[];
  /** What they add up to; a phone shows it beside *Tick all*. */
  sum?: string;
  tickBox?: (row: Row) => TickBox;
  /** Whether its rows have two lines. */
  tall?: boolean;
};

/** Every list of the app: one table, whose rows become cards on a phone. */
export function IndexTable<Row extends { id: string }, Kept extends { id: string }>(props: Props<Row, Kept>) {
  const { label, rows, sort, onSort, href, onOpen, open, onClose, ticks, tickable = [] } = props;
  const [stop, setStop] = useState<string | null>(null);
  const keys = useOverlay('keys');
  useFocusReturn(open);
  const [table, isNarrow] = useNarrow();
  const columns = useMemo(
    () => props.columns.filter(({ only }) => only !== (isNarrow ? 'wide' : 'narrow')),
    [props.columns, isNarrow],
  );
  const tickedShown = ticks ? tickable.filter((id) => isTicked(ticks.selection, id)) : [];
  const ticked = new Set(tickedShown);
  // Tab stops at one row: the one used last, else the open one, else the first.
  const stops = [stop, open, rows[0]?.id];
  const stopId = stops.find((id) => rows.some((row) => row.id === id));
  return (
    <table
      ref={table}
      className={props.tall ? 'index index-tall' : 'index'}
      aria-label={label}
      onFocus={(event) => setStop(event.target.closest<HTMLElement>('tr[data-id]')?.dataset.id ?? stop)}
      onKeyDown={(event) =>
        moveByKey(event, { onToggle: ticks?.toggle, onStop: setStop, onClose, onKeys: keys.open })
      }
    >
      <colgroup>
        {ticks && <col className="index-tick-column" />}
        {columns.map((column) => (
          <col key={column.id} style={{ width: (isNarrow && column.narrow) || column.width }} />
        ))}
      </colgroup>
      <IndexHead
        columns={columns}
        sort={sort}
        onSort={onSort}
        tick={
          ticks && {
            tickable: tickable.length,
            ticked: tickedShown.length,
            sum: props.sum,
            onToggle: ticks.toggleShown,
          }
        }
      />
      <tbody>
        {rows.map((row) => (
          <IndexRow
            key={row.id}
            row={row}
            columns={columns}
            tickBox={ticks && props.tickBox}
            ticked={ticked.has(row.id)}
            open={open === row.id}
            isStop={row.id === stopId}
            href={href}
            onToggle={ticks?.toggle}
            onOpen={onOpen}
          />
        ))}
      </tbody>
    </table>
  );
}
