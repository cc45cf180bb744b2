import { screen, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { costCenter } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { refused, server } from '@/testing/server';

test('a cost centre whose name is taken is refused at its field', async () => {
  server.use(http.post('/api/v1/cost-centers', () => refused('#/name', 'There is one of this name.')));
  const { user } = renderApp('/settings/cost-centres');
  await user.click(await screen.findByRole('button', { name: 'Add cost centre' }));
  const dialog = await screen.findByRole('dialog', { name: 'Add a cost centre' });
  await user.type(within(dialog).getByRole('textbox', { name: 'Name' }), 'North Shore');

  await user.click(within(dialog).getByRole('button', { name: 'Add cost centre' }));

  expect(await within(dialog).findByRole('alert')).toHaveTextContent('Name: There is one of this name.');
});

test('a cost centre that Xero spells differently is shown with Xero’s spelling', async () => {
  const spelled = {
    ...costCenter,
    name: 'Waitakere',
    option_name: 'Waitākere',
    match: 'spelled_differently',
  };
  server.use(
    http.get('/api/v1/cost-centers', () => HttpResponse.json({ items: [spelled], next_cursor: null })),
  );

  renderApp('/settings/cost-centres');

  const row = (await screen.findByText('Waitakere')).closest('tr');
  expect(row).toHaveTextContent('WaitakereWaitākereSpelled differently');
});
