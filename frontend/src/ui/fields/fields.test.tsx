import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { type ReactNode, useState } from 'react';
import { describe, expect, test } from 'vitest';
import { LocaleProvider } from '@/lib/locale';
import { DateField } from './date-field';
import { MoneyField } from './money-field';

/** A field with its value beside it, as a form would keep it. */
function Kept<T>({ start, field }: { start: T; field: (value: T, keep: (value: T) => void) => ReactNode }) {
  const [value, keep] = useState(start);
  return (
    <MantineProvider env="test">
      <LocaleProvider locale="en-NZ" timeZone="Pacific/Auckland">
        {field(value, keep)}
        <output>{JSON.stringify(value)}</output>
      </LocaleProvider>
    </MantineProvider>
  );
}

const user = userEvent.setup({ delay: null });
const kept = () => JSON.parse(screen.getByRole('status').textContent ?? '');

describe('a field for an amount', () => {
  const renderMoney = (start = '', places?: 2 | 4) =>
    render(
      <Kept
        start={start}
        field={(value, keep) => <MoneyField label="Amount" value={value} onChange={keep} places={places} />}
      />,
    );

  test('shows thousands and cents, and keeps the decimal string', async () => {
    renderMoney('1234.5');
    const field = screen.getByRole('textbox', { name: 'Amount' });
    expect(field).toHaveValue('1,234.50');

    await user.clear(field);
    await user.type(field, '$12,345,678.9');
    await user.tab();

    expect(kept()).toBe('12345678.90');
    expect(field).toHaveValue('12,345,678.90');
  });

  test('never rounds what was typed: a price may have four places, an amount says that two are enough', async () => {
    renderMoney('', 4);
    await user.type(screen.getByRole('textbox', { name: 'Amount' }), '0.1234');
    expect(kept()).toBe('0.1234');
  });

  test('says how an amount is written when it is none, and keeps the text', async () => {
    renderMoney('5.00');
    const field = screen.getByRole('textbox', { name: 'Amount' });
    await user.clear(field);
    await user.type(field, '12.345');
    await user.tab();

    expect(screen.getByText('Use at most 2 decimals.')).toBeVisible();
    expect(field).toHaveValue('12.345');
    expect(kept()).toBe('12.345');

    await user.clear(field);
    await user.type(field, '85,00');
    expect(screen.queryByText(/Write a number/)).not.toBeInTheDocument();
    await user.tab();
    expect(screen.getByText('Write a number like 85.00.')).toBeVisible();
    expect(kept()).toBe('85,00');
  });
});

describe('a field for a date', () => {
  const renderDate = (start: string | null = null) =>
    render(
      <Kept start={start} field={(value, keep) => <DateField label="Due" value={value} onChange={keep} />} />,
    );

  test('shows the month by its name, and keeps the plain date', () => {
    renderDate('2026-12-20');

    expect(screen.getByRole('textbox', { name: 'Due' })).toHaveValue('20 Dec 2026');
  });

  test.each([
    ['5/1/2027', '2027-01-05'],
    ['20 nov 26', '2026-11-20'],
    ['2026-11-02', '2026-11-02'],
  ])('takes %s with the day first', async (typed, day) => {
    renderDate();
    await user.type(screen.getByRole('textbox', { name: 'Due' }), typed);
    await user.tab();

    expect(kept()).toBe(day);
  });

  test.each(['31/6/2026', 'tomorrow'])(
    'keeps "%s" as it is, and says how a date is written',
    async (typed) => {
      renderDate('2026-12-20');
      const field = screen.getByRole('textbox', { name: 'Due' });
      await user.clear(field);
      await user.type(field, typed);
      expect(field).toBeValid();
      await user.tab();

      expect(field).toHaveValue(typed);
      expect(field).toHaveAccessibleDescription('Write a date like 20 Dec 2026.');
      expect(kept()).toBe(typed);
    },
  );

  test('takes a date that is written after a wrong text', async () => {
    renderDate('2026-12-20');
    const field = screen.getByRole('textbox', { name: 'Due' });
    await user.clear(field);
    await user.type(field, 'tomorrow');
    await user.tab();
    await user.clear(field);
    await user.type(field, '21 dec 2026');
    await user.tab();

    expect(field).toBeValid();
    expect(field).toHaveValue('21 Dec 2026');
    expect(kept()).toBe('2026-12-21');
  });
});
