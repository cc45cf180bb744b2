import { Button } from '@mantine/core';
import { IconPlus, IconTextPlus } from '@tabler/icons-react';
import { type KeyboardEvent, useRef } from 'react';
import type { Invoice, ResourceProblem } from '@/api/types';
import { wrongCellsOf } from '@/features/invoices/wrong-cells';
import { toastUndo } from '@/ui/toast';
import { type DraftLine, emptyLine, type Taxes } from './draft';
import { LineRow, type Marks } from './line-row';
import './line-table.css';

type Props = {
  invoice: Invoice;
  lines: readonly DraftLine[];
  amounts: Invoice['amounts'];
  taxes: Taxes;
  problems: readonly ResourceProblem[];
  marks: Marks;
  onChange: (lines: DraftLine[]) => void;
};

/** The lines of an invoice: the cells are the fields. On a phone each line is a card. */
export function LineTable({ invoice, lines, amounts, taxes, problems, marks, onChange }: Props) {
  const table = useRef<HTMLTableElement>(null);
  const now = useRef(lines);
  now.current = lines;
  const wrong = wrongCellsOf({ problems: [...problems] });
  const change = (next: DraftLine[], focus?: { row: number; cell: number }) => {
    onChange(next);
    if (focus) requestAnimationFrame(() => focusCell(table.current, focus.row, focus.cell));
  };
  const add = (isText: boolean) =>
    change(
      [
        ...lines,
        emptyLine(
          isText,
          lines.findLast((line) => !line.isText),
        ),
      ],
      {
        row: lines.length,
        cell: 0,
      },
    );
  const remove = (row: number) => {
    const gone = lines[row];
    if (!gone) return;
    change(
      lines.filter((line) => line !== gone),
      { row: Math.max(0, Math.min(row, lines.length - 2)), cell: 0 },
    );
    toastUndo(`Line ${row + 1} removed`, () => {
      const back = now.current.filter((line) => line.key !== gone.key);
      change(back.toSpliced(row, 0, gone), { row: Math.min(row, back.length), cell: 0 });
    });
  };
  const move = (row: number, by: -1 | 1, cell = 0) => {
    const [line, other] = [lines[row], lines[row + by]];
    if (!line || !other) return;
    change(lines.with(row, other).with(row + by, line), { row: row + by, cell });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const place = placeOf(event.target as HTMLElement);
    // What a list of choices has used is not meant for the table.
    if (!place || event.defaultPrevented) return;
    const { row, cell } = place;
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      move(row, event.key === 'ArrowUp' ? -1 : 1, cell);
    } else if ((event.ctrlKey || event.metaKey) && event.key === 'Backspace') {
      event.preventDefault();
      remove(row);
    } else if (event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (row + 1 < lines.length) focusCell(table.current, row + 1, cell);
      else add(false);
    }
  };
  return (
    <>
      <table className="line-table" ref={table} aria-label="Lines" onKeyDown={onKeyDown}>
        <thead>
          <tr>
            <th scope="col">Description</th>
            <th scope="col" data-amount>
              Quantity
            </th>
            <th scope="col" data-amount>
              Price
            </th>
            <th scope="col" data-amount>
              Disc. %
            </th>
            <th scope="col">Code</th>
            <th scope="col">Tax</th>
            <th scope="col">Cost centre</th>
            <th scope="col" data-amount>
              Amount
            </th>
            <td />
          </tr>
        </thead>
        <tbody>
          {lines.map((line, row) => (
            <LineRow
              key={line.key}
              invoice={invoice}
              line={line}
              row={row}
              isLast={row === lines.length - 1}
              amounts={amounts}
              taxes={taxes}
              wrong={wrong.get(row)}
              marks={marks}
              onChange={(some) => onChange(lines.with(row, { ...line, ...some }))}
              onMove={(by) => move(row, by)}
              onRemove={() => remove(row)}
            />
          ))}
        </tbody>
      </table>
      <div className="line-table-add">
        <Button
          variant="subtle"
          size="xs"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => add(false)}
        >
          Add a line
        </Button>
        <Button
          variant="subtle"
          size="xs"
          color="gray"
          leftSection={<IconTextPlus size={16} aria-hidden />}
          onClick={() => add(true)}
        >
          Add text
        </Button>
      </div>
    </>
  );
}

const fieldsOf = (row: Element) => [
  ...row.querySelectorAll<HTMLElement>('input:not([type="hidden"]), textarea'),
];

/** Which field of which line has the focus. */
function placeOf(field: HTMLElement): { row: number; cell: number } | null {
  const row = field.closest('tbody tr');
  const cell = row ? fieldsOf(row).indexOf(field) : -1;
  if (!row || cell < 0) return null;
  return { row: [...(row.parentElement?.children ?? [])].indexOf(row), cell };
}

function focusCell(table: HTMLTableElement | null, row: number, cell: number) {
  const fields = fieldsOf(table?.tBodies[0]?.rows[row] ?? document.createElement('tr'));
  (fields[cell] ?? fields[0])?.focus();
}
