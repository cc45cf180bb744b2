import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { useFormat } from '@/lib/locale';
import { formatAmount, formatDecimal, parseAmount } from '@/lib/money';
import './fields.css';

type Props = Omit<TextInputProps, 'value' | 'onChange'> & {
  /** A decimal string, or "" for none. It never becomes a floating-point number. */
  value?: string;
  onChange?: (value: string) => void;
  /** How many places may be given: 2 for amounts, 4 for prices of one unit. */
  places?: 2 | 4;
  /** A number of units: without the zeros that say nothing. */
  isQuantity?: boolean;
};

/** An amount, written as the business's country writes it. What is no amount is said at once and counts as none. */
export function MoneyField({ value = '', onChange, places = 2, isQuantity = false, error, ...rest }: Props) {
  const { locale } = useFormat();
  const written = isQuantity ? formatDecimal : formatAmount;
  const shown = value === '' ? '' : written(value, locale);
  const [typed, setTyped] = useState<string | null>(null);
  const read = typed === null ? null : parseAmount(typed, locale, places);
  // A value that came from elsewhere replaces what was typed.
  const isTyping = typed !== null && (read ?? '') === value;
  const wrong = isTyping && typed.trim() !== '' && read === null;
  return (
    <TextInput
      inputMode="decimal"
      autoComplete="off"
      {...rest}
      className="money-field"
      value={isTyping ? typed : shown}
      error={
        wrong ? `Write ${isQuantity ? 'a number' : 'an amount'} like ${written('1234.50', locale)}.` : error
      }
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        onChange?.(parseAmount(text, locale, places) ?? '');
      }}
      onBlur={(event) => {
        if (!wrong) setTyped(null);
        rest.onBlur?.(event);
      }}
    />
  );
}
