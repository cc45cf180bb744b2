import { DateInput, type DateInputProps } from '@mantine/dates';
import { useState } from 'react';
import { isDay, parseDay, WRITE_A_DATE } from '@/lib/dates';
import { useFormat } from '@/lib/locale';
import './fields.css';

type Props = Omit<DateInputProps, 'value' | 'onChange' | 'valueFormat' | 'dateParser' | 'fixOnBlur'> & {
  /** A plain date, "2026-11-20", or the text as it was typed while it cannot be read. */
  value?: string | null;
  onChange?: (value: string | null) => void;
};

/**
 * A plain date: typed as people write it ("20 nov", "20/11") or chosen from the calendar. A text that is no date stays,
 * and is the value: so no form takes the date before it for what was meant.
 */
export function DateField({ value = null, onChange, error, onBlur, ...rest }: Props) {
  const format = useFormat();
  const [typed, setTyped] = useState<string | null>(null);
  const [isTyping, setIsTyping] = useState(false);
  const [replaced, setReplaced] = useState(0);
  // The input forgets its text only when it is made again.
  if (typed !== null && typed !== value) {
    setTyped(null);
    setReplaced(replaced + 1);
  }
  const isWrong = value !== null && !isDay(value);
  const keep = (unread: string | null, next: string | null) => {
    setTyped(unread);
    setIsTyping(unread !== null);
    onChange?.(next);
  };
  const read = (text: string) => {
    const day = parseDay(text, format.today());
    if (day === null) keep(text, text);
    return day;
  };
  return (
    <DateInput
      key={replaced}
      valueFormat="D MMM YYYY"
      {...rest}
      dateParser={read}
      fixOnBlur={!isWrong}
      value={isWrong ? null : value}
      onChange={(day) => keep(null, day)}
      // Half of a date is not wrong yet.
      error={error ?? (isWrong && !isTyping ? WRITE_A_DATE : null)}
      onBlur={(event) => {
        setIsTyping(false);
        onBlur?.(event);
      }}
    />
  );
}
