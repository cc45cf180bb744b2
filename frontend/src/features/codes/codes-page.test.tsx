import { screen, within } from '@testing-library/react';
import { http } from 'msw';
import { expect, test } from 'vitest';
import { renderApp } from '@/testing/render-app';
import { refused, server } from '@/testing/server';

test('a code that is taken is refused at its field, and the dialog stays', async () => {
  server.use(http.post('/api/v1/accounting-codes', () => refused('#/code', '200 is in the list already.')));
  const { user } = renderApp('/settings/accounting-codes');
  await user.click(await screen.findByRole('button', { name: 'Add code' }));
  const dialog = await screen.findByRole('dialog', { name: 'Add an invoice item code' });
  await user.type(within(dialog).getByRole('textbox', { name: 'Code' }), '200');

  await user.click(within(dialog).getByRole('button', { name: 'Add code' }));

  expect(await within(dialog).findByRole('alert')).toHaveTextContent('Code: 200 is in the list already.');
  expect(within(dialog).getByRole('textbox', { name: 'Code' })).toHaveValue('200');
});

test('each kind of code has its own list', async () => {
  const { user } = renderApp('/settings/accounting-codes');
  expect(await screen.findByText('Sales')).toBeVisible();

  await user.click(screen.getByRole('tab', { name: /Direct costs/ }));

  expect(await screen.findByText('Materials')).toBeVisible();
  expect(screen.queryByText('Sales')).not.toBeInTheDocument();
});
