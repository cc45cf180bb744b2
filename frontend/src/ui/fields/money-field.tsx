import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { useFormat } from '@/lib/locale';
import { amountFault, formatAmount, formatDecimal, parseAmount } from '@/lib/money';
import './fields.css';

type Props = Omit<TextInputProps, 'value' | 'onChange'> & {
  /** A decimal string, "" for none, or the text as it was typed while it cannot be read. */
  value?: string;
  onChange?: (value: string) => void;
  /** How many places may be given: 2 for amounts, 4 for prices of one unit. */
  places?: 2 | 4;
  /** A number of units: without the zeros that say nothing. */
  isQuantity?: boolean;
};

/**
 * An amount, written as the business's country writes it. A text that cannot be read stays, and is the value: so no
 * form takes it for an amount of nothing.
 */
export function MoneyField({ value = '', onChange, places = 2, isQuantity = false, error, ...rest }: Props) {
  const { locale } = useFormat();
  const written = isQuantity ? formatDecimal : formatAmount;
  const read = (text: string) => parseAmount(text, locale, places) ?? text.trim();
  const fault = value === '' ? null : amountFault(value, places);
  const [typed, setTyped] = useState<string | null>(null);
  // A value that came from elsewhere replaces what was typed.
  const isTyping = typed !== null && read(typed) === value;
  const shown = value === '' || fault ? value : written(value, locale);
  return (
    <TextInput
      inputMode="decimal"
      autoComplete="off"
      {...rest}
      className="money-field"
      value={isTyping ? typed : shown}
      // Half of a number is not wrong yet.
      error={error ?? (isTyping ? null : fault)}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        onChange?.(read(text));
      }}
      onBlur={(event) => {
        setTyped(null);
        rest.onBlur?.(event);
      }}
    />
  );
}
