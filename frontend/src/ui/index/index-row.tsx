import { Checkbox, Tooltip, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type MouseEvent, memo, type ReactNode } from 'react';
import { useFormat } from '@/lib/locale';
import type { Column } from './columns';

export type TickBox = { label: string; whyNot: string | null };

type Props<Row> = {
  row: Row;
  columns: readonly Column<Row>[];
  tickBox?: (row: Row) => TickBox;
  ticked: boolean;
  open: boolean;
  /** Whether Tab stops at this row; the arrow keys lead to the others. */
  isStop: boolean;
  href?: (row: Row) => string;
  onToggle?: (id: string, range: boolean) => void;
  onOpen?: (id: string) => void;
};

function IndexRowPlain<Row extends { id: string }>(props: Props<Row>) {
  const { row, columns, tickBox, ticked, open, onOpen } = props;
  const format = useFormat();
  const openByClick = (event: MouseEvent<HTMLElement>) => {
    if ((event.target as HTMLElement).closest('a, button, input, label')) return;
    if (onOpen) onOpen(row.id);
    else event.currentTarget.querySelector<HTMLElement>('.row-link')?.click();
  };
  const clickable = onOpen !== undefined || props.href !== undefined;
  return (
    <tr
      data-id={row.id}
      data-clickable={clickable || undefined}
      data-ticked={ticked || undefined}
      data-open={open || undefined}
      onClick={clickable ? openByClick : undefined}
    >
      {tickBox && <TickCell {...tickBox(row)} {...props} />}
      {columns.map((column) => (
        <td key={column.id} data-phone={column.phone} data-amount={column.isAmount || undefined}>
          {column.opens && clickable ? (
            <Opener {...props}>{column.cell(row, format)}</Opener>
          ) : (
            column.cell(row, format)
          )}
        </td>
      ))}
    </tr>
  );
}

/** Redrawn only when something of this row changed: a tick in two hundred rows must not cost two hundred. */
export const IndexRow = memo(IndexRowPlain) as typeof IndexRowPlain;

type OpenerProps<Row> = Pick<Props<Row>, 'row' | 'href' | 'onOpen' | 'isStop'> & { children: ReactNode };

function Opener<Row extends { id: string }>({ row, href, onOpen, isStop, children }: OpenerProps<Row>) {
  const tabIndex = isStop ? 0 : -1;
  if (href) {
    return (
      <Link to={href(row)} className="row-link" tabIndex={tabIndex}>
        {children}
      </Link>
    );
  }
  return (
    <UnstyledButton className="row-link" tabIndex={tabIndex} onClick={() => onOpen?.(row.id)}>
      {children}
    </UnstyledButton>
  );
}

type TickProps<Row> = TickBox & Pick<Props<Row>, 'row' | 'ticked' | 'isStop' | 'onToggle'>;

function TickCell<Row extends { id: string }>({
  label,
  whyNot,
  row,
  ticked,
  isStop,
  onToggle,
}: TickProps<Row>) {
  return (
    <td data-phone="tick">
      <Tooltip label={whyNot} disabled={!whyNot} position="right">
        {/* The whole cell is the target, not only the box in it. */}
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the box is inside */}
        <label className="tick">
          <Checkbox
            size="sm"
            checked={ticked}
            disabled={whyNot !== null}
            tabIndex={isStop ? 0 : -1}
            aria-label={whyNot ? `${label}: ${whyNot}` : `Select ${label}`}
            onChange={ignore}
            onClick={(event) => onToggle?.(row.id, event.shiftKey)}
          />
        </label>
      </Tooltip>
    </td>
  );
}

// The click has the shift key, the change event has not; React wants a change listener all the same.
const ignore = () => {};
