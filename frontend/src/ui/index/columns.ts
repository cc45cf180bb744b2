import type { ReactNode } from 'react';
import type { Format } from '@/lib/locale';

/**
 * Where a cell stands in the card that a row becomes on a phone: title and value in the first line, number, text and
 * date in the second, state in a third that is there only if it has something to say. A list whose rows ask something
 * has two lines more, for the reason and for the field.
 */
export type PhonePlace =
  | 'title'
  | 'value'
  | 'number'
  | 'text'
  | 'date'
  | 'state'
  | 'reason'
  | 'field'
  | 'none';

/** One column of a list, declared as data. */
export type Column<Row> = {
  id: string;
  head: string;
  cell: (row: Row, format: Format) => ReactNode;
  phone: PhonePlace;
  /** A CSS width; columns without one share the rest. */
  width?: string;
  /** The width in a narrow list: beside a panel, or on a small screen that is no phone. */
  narrow?: string;
  /** A column that only a wide list, or only a narrow one, has room for. */
  only?: 'wide' | 'narrow';
  /** The API's name for sorting by it. */
  sort?: string;
  /** Amounts: right-aligned, in tabular figures. */
  isAmount?: boolean;
  /** The cell whose link or button opens the row. */
  opens?: boolean;
};
