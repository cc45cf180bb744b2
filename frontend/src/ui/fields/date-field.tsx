import { DateInput, type DateInputProps } from '@mantine/dates';
import { parseDay } from '@/lib/dates';
import { useFormat } from '@/lib/locale';
import './fields.css';

type Props = Omit<DateInputProps, 'value' | 'onChange' | 'valueFormat' | 'dateParser'> & {
  /** A plain date, "2026-11-20". */
  value?: string | null;
  onChange?: (value: string | null) => void;
};

/** A plain date: typed as people write it ("20 nov", "20/11") or chosen from the calendar. */
export function DateField({ value = null, onChange, ...rest }: Props) {
  const format = useFormat();
  return (
    <DateInput
      valueFormat="D MMM YYYY"
      dateParser={(typed) => parseDay(typed, format.today())}
      {...rest}
      value={value}
      onChange={onChange}
    />
  );
}
