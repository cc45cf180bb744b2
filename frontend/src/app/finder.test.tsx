import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { contact, invoiceAt } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { server } from '@/testing/server';

const job = {
  id: 'job_1',
  number: 'J4107',
  description: 'Install rainwater tank',
  customer_reference: null,
  location: '12 Pūriri Road',
  status_id: null,
  contact_id: null,
  external_id: null,
};

beforeEach(() => {
  const answer = (items: unknown[]) => () => HttpResponse.json({ items, next_cursor: null });
  server.use(
    http.get('/api/v1/jobs', answer([job])),
    http.get('/api/v1/invoices', answer([invoiceAt(7), invoiceAt(8, { kind: 'supplier' })])),
    http.get('/api/v1/contacts', answer([contact])),
  );
});

async function openFinder(address = '/exports') {
  server.use(http.get('/api/v1/exports', () => HttpResponse.json({ items: [], next_cursor: null })));
  const { user, router } = renderApp(address);
  await screen.findByRole('heading', { name: 'Exports' });
  await user.keyboard('{Control>}k{/Control}');
  return { user, router, field: await screen.findByRole('textbox', { name: 'Find anything' }) };
}

test('Ctrl K leads to a page by its name', async () => {
  const { user, router, field } = await openFinder();

  await user.type(field, 'cost');
  await user.click(await screen.findByRole('button', { name: 'Cost centres' }));

  await waitFor(() => expect(router.state.location.pathname).toBe('/settings/cost-centres'));
});

test('records of every kind are found, and lead to where they are shown', async () => {
  const { user, router, field } = await openFinder();

  await user.type(field, 'tank');
  expect(await screen.findByText('J4107 Install rainwater tank')).toBeVisible();
  expect(screen.getByText('Fenwick Builders')).toBeVisible();
  await user.click(screen.getByText('INV-8 Fenwick Builders'));

  await waitFor(() => expect(router.state.location.href).toBe('/bills?view=all&open=inv_8'));
});

test('Back from what was found leads to the page before the search, and not to the search', async () => {
  const { user, router, field } = await openFinder();
  await user.type(field, 'accounting codes');
  await user.click(await screen.findByRole('button', { name: 'Accounting codes' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/settings/accounting-codes'));

  router.history.back();

  await waitFor(() => expect(router.state.location.pathname).toBe('/exports'));
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
});

test('nothing that matches is said', async () => {
  const nothing = () => HttpResponse.json({ items: [], next_cursor: null });
  server.use(
    http.get('/api/v1/jobs', nothing),
    http.get('/api/v1/invoices', nothing),
    http.get('/api/v1/contacts', nothing),
  );
  const { user, field } = await openFinder();

  await user.type(field, 'zzz');

  expect(await within(screen.getByRole('dialog')).findByText('Nothing of that name is here.')).toBeVisible();
});
