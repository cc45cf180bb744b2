import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { invoiceAt } from '@/testing/fixtures';
import { INVOICE_COLUMNS } from './columns';

test('a change since the export is one word in the column of a narrow list', () => {
  const column = INVOICE_COLUMNS.customer.find(({ only }) => only === 'narrow');

  render(column?.cell(invoiceAt(1, { export_state: 'changed' }), {} as never));

  expect(screen.getByText('Changed')).toBeVisible();
});

test('what was changed since the export says so, also while it is a draft again', () => {
  const column = INVOICE_COLUMNS.customer.find(({ only }) => only === 'narrow');

  render(column?.cell(invoiceAt(1, { status: 'draft', export_state: 'changed' }), {} as never));

  expect(screen.getByText('Changed')).toBeVisible();
});

test('of a job the description is cut and not the number; both stand in the title', () => {
  const column = INVOICE_COLUMNS.customer.find(({ id }) => id === 'job');
  const job = { job_number: 'J-2031', job_description: 'Hot water cylinder, 14 Rātā Street' };

  render(column?.cell(invoiceAt(1, job), {} as never));

  expect(screen.getByTitle('J-2031 Hot water cylinder, 14 Rātā Street')).toBeVisible();
  expect(screen.getByText('J-2031')).toHaveClass('invoice-job-number');
});
