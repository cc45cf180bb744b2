import { Checkbox, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useFormat } from '@/lib/locale';
import type { Column } from './columns';

export type HeadTick = {
  /** Of the rows in the list that can be ticked, how many there are and how many are. */
  tickable: number;
  ticked: number;
  sum?: string;
  onToggle: () => void;
};

type Props<Row> = {
  columns: readonly Column<Row>[];
  tick?: HeadTick;
  sort?: string;
  onSort?: (sort: string) => void;
};

export function IndexHead<Row>({ columns, tick, sort, onSort }: Props<Row>) {
  return (
    <thead data-tickable={tick ? '' : undefined}>
      <tr>
        {tick && <TickAll {...tick} />}
        {columns.map((column) =>
          column.sort && onSort ? (
            <SortableHead key={column.id} column={column} by={column.sort} sort={sort} onSort={onSort} />
          ) : (
            <th key={column.id} scope="col" data-amount={column.isAmount || undefined}>
              {column.head}
            </th>
          ),
        )}
      </tr>
    </thead>
  );
}

function TickAll({ tickable, ticked, sum, onToggle }: HeadTick) {
  const format = useFormat();
  const allTicked = tickable > 0 && ticked === tickable;
  return (
    <th scope="col" data-phone="tick">
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the box is inside */}
      <label className="tick">
        <Checkbox
          size="sm"
          aria-label="Tick all shown"
          disabled={tickable === 0}
          checked={allTicked}
          indeterminate={ticked > 0 && !allTicked}
          onChange={onToggle}
        />
        <span className="only-phone" aria-hidden>
          Tick all {format.number(tickable)}
        </span>
        {sum && (
          <span className="tick-sum only-phone" aria-hidden>
            {sum}
          </span>
        )}
      </label>
    </th>
  );
}

type SortProps<Row> = {
  column: Column<Row>;
  by: string;
  sort: string | undefined;
  onSort: (sort: string) => void;
};

function SortableHead<Row>({ column, by, sort, onSort }: SortProps<Row>) {
  const falling = sort === `-${by}`;
  const rising = sort === by;
  const direction = falling ? 'descending' : rising ? 'ascending' : undefined;
  const Arrow = rising ? IconArrowUp : IconArrowDown;
  return (
    <th scope="col" aria-sort={direction} data-amount={column.isAmount || undefined}>
      <UnstyledButton className="index-sort" onClick={() => onSort(falling ? by : `-${by}`)}>
        {column.head}
        {direction && <Arrow size={13} aria-hidden />}
      </UnstyledButton>
    </th>
  );
}
