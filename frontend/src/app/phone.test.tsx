import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, test, vi } from 'vitest';
import { inFull, invoiceAt, run } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { server } from '@/testing/server';

/** A screen of 390 px: no query for a width of 768 or more matches. */
beforeEach(() => {
  vi.spyOn(window, 'matchMedia').mockImplementation(
    (query) =>
      ({
        matches: false,
        media: query,
        addEventListener: () => {},
        removeEventListener: () => {},
      }) as unknown as MediaQueryList,
  );
});

const tabs = () => within(screen.getByRole('navigation', { name: 'Main' }));

test('the tab bar leads to the main pages, and to all others through More', async () => {
  const { user } = renderApp('/contacts');
  expect(await screen.findByRole('link', { name: 'Contacts', current: 'page' })).toBeVisible();

  await user.click(tabs().getByRole('link', { name: 'More' }));
  await user.click(await screen.findByRole('link', { name: 'Cost centres' }));

  expect(await screen.findByRole('heading', { name: 'Cost centres' })).toBeVisible();
  expect(tabs().getByRole('link', { name: 'More' })).toHaveAttribute('aria-current', 'page');
});

test('an open invoice is a page, and the way back in the header closes it', async () => {
  server.use(http.get('/api/v1/invoices/inv_1', () => HttpResponse.json(inFull(invoiceAt(1)))));
  const { user, router } = renderApp('/invoices');
  await user.click(await screen.findByRole('button', { name: 'INV-1' }));
  await screen.findByRole('heading', { name: 'INV-1' });
  expect(screen.queryByText('Jobtally')).not.toBeInTheDocument();

  await user.click(screen.getByRole('button', { name: 'Invoices' }));

  await waitFor(() => expect(screen.queryByRole('heading', { name: 'INV-1' })).not.toBeInTheDocument());
  expect(router.state.location.search).not.toHaveProperty('open');
});

test('a run has the way back to the list of runs', async () => {
  server.use(
    http.get('/api/v1/exports/exp_1', () => HttpResponse.json(run)),
    http.get('/api/v1/exports/exp_1/items', () => HttpResponse.json({ items: [], next_cursor: null })),
  );
  renderApp('/exports/exp_1');

  const header = within(await screen.findByRole('banner'));
  expect(await header.findByRole('link', { name: 'Exports' })).toHaveAttribute('href', '/exports');
});

test('the notifications are closed by Back, and the page stays', async () => {
  const { user, router } = renderApp('/contacts');
  await user.click(await screen.findByRole('button', { name: 'Notifications' }));
  await screen.findByRole('dialog', { name: 'Notifications' });

  router.history.back();

  await waitFor(() =>
    expect(screen.queryByRole('dialog', { name: 'Notifications' })).not.toBeInTheDocument(),
  );
  expect(screen.getByRole('heading', { name: 'Contacts' })).toBeVisible();
});
