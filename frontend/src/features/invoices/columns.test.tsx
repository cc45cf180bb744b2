import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { invoiceAt } from '@/testing/fixtures';
import { INVOICE_COLUMNS } from './columns';

test('a change since the export is one word in the column of a narrow list', () => {
  const column = INVOICE_COLUMNS.customer.find(({ only }) => only === 'narrow');

  render(column?.cell(invoiceAt(1, { export_state: 'changed' }), {} as never));

  expect(screen.getByText('Changed')).toBeVisible();
});
