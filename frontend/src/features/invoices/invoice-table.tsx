import { Checkbox, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import type { InvoiceSummary } from '@/api/types';
import { isTicked, type Selection } from '@/lib/selection';
import { InvoiceRow } from './invoice-row';
import type { Sort } from './search';
import { WORDS } from './words';
import './invoice-table.css';

type Props = {
  kind: 'customer' | 'supplier';
  rows: readonly InvoiceSummary[];
  tickable: readonly string[];
  selection: Selection;
  sort: Sort;
  open: string | undefined;
  onSort: (sort: Sort) => void;
  onToggle: (id: string, range: boolean) => void;
  onToggleShown: () => void;
  onOpen: (id: string) => void;
  onClose: () => void;
};

export function InvoiceTable(props: Props) {
  const { kind, rows, tickable, selection, open, onToggle, onToggleShown, onOpen } = props;
  const ticked = tickable.filter((id) => isTicked(selection, id)).length;
  const allTicked = tickable.length > 0 && ticked === tickable.length;
  return (
    <table className="index invoice-table" data-tickable onKeyDown={(event) => moveByKey(event, props)}>
      <thead>
        <tr>
          <th data-cell="check">
            <span className="tick">
              <Checkbox
                size="xs"
                aria-label="Tick all shown"
                disabled={tickable.length === 0}
                checked={allTicked}
                indeterminate={ticked > 0 && !allTicked}
                onChange={onToggleShown}
              />
            </span>
          </th>
          <SortableHead column="number" label={WORDS[kind].number} cell="sub" {...props} />
          <th data-cell="title">{WORDS[kind].party}</th>
          <th data-cell="note">Job</th>
          <SortableHead column="issued_on" label="Date" cell="date" {...props} />
          <th data-cell="extra">Due</th>
          <SortableHead column="total" label="Total" cell="amount" {...props} />
          <th data-cell="state">Xero</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <InvoiceRow
            key={row.id}
            invoice={row}
            ticked={tickable.includes(row.id) && isTicked(selection, row.id)}
            open={open === row.id}
            onToggle={onToggle}
            onOpen={onOpen}
          />
        ))}
      </tbody>
    </table>
  );
}

type HeadProps = Pick<Props, 'sort' | 'onSort'> & {
  column: 'number' | 'issued_on' | 'total';
  label: string;
  cell: string;
};

function SortableHead({ column, label, cell, sort, onSort }: HeadProps) {
  const falling = sort === `-${column}`;
  const rising = sort === column;
  const direction = falling ? 'descending' : rising ? 'ascending' : undefined;
  const Arrow = rising ? IconArrowUp : IconArrowDown;
  return (
    <th data-cell={cell} aria-sort={direction}>
      <UnstyledButton className="index-sort" onClick={() => onSort(falling ? column : `-${column}`)}>
        {label}
        {direction && <Arrow size={13} aria-hidden />}
      </UnstyledButton>
    </th>
  );
}

/** Keys work only while the focus is inside the table (WCAG 2.1.4). */
function moveByKey(event: KeyboardEvent<HTMLElement>, { onToggle, onClose }: Props) {
  const row = (event.target as HTMLElement).closest<HTMLElement>('tr[data-id]');
  const id = row?.dataset.id;
  if (!row || !id || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key === 'arrowdown' || key === 'j') focusRow(row.nextElementSibling, event);
  else if (key === 'arrowup' || key === 'k') focusRow(row.previousElementSibling, event);
  else if (key === 'x') {
    if (!row.querySelector<HTMLInputElement>('input:disabled')) onToggle(id, event.shiftKey);
  } else if (key === 'escape') onClose();
}

function focusRow(row: Element | null, event: KeyboardEvent) {
  event.preventDefault();
  row?.querySelector<HTMLElement>('.row-link')?.focus();
}
