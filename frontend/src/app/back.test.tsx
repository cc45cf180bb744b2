import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { check } from '@/testing/fixtures';
import { watchExports, watchList } from '@/testing/invoices';
import { renderApp } from '@/testing/render-app';
import { refusal, server } from '@/testing/server';

const fix = { label: 'Match cost centres', href: '/settings/cost-centres' };
const held = {
  ...check,
  ready: 1,
  needs_fix: 1,
  ready_ids: ['inv_1'],
  groups: [
    {
      code: 'cost_center_unmatched',
      title: 'A cost centre isn’t in Xero',
      fix,
      count: 1,
      totals: [],
      invoice_ids: ['inv_2'],
    },
  ],
};

/** The list, reached from the contacts, with the check of two invoices open over it. */
async function openCheck() {
  watchList();
  watchExports();
  server.use(http.post('/api/v1/export-checks', () => HttpResponse.json(held)));
  const app = renderApp('/contacts');
  await screen.findByRole('heading', { name: 'Contacts' });
  await app.router.navigate({ to: '/invoices' });
  await app.user.click(await screen.findByRole('checkbox', { name: 'Select INV-1' }));
  await app.user.click(screen.getByRole('checkbox', { name: 'Select INV-2' }));
  await app.user.click(screen.getByRole('button', { name: 'Export 2 to Xero' }));
  const dialog = await screen.findByRole('dialog');
  await waitFor(() => expect(app.router.state.location.state.overlays).toEqual(['check']));
  return { ...app, dialog: within(dialog) };
}

const noDialog = () => waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());

test('Back closes the check before an export, and the ticks stay', async () => {
  const { router } = await openCheck();

  router.history.back();

  await noDialog();
  expect(router.state.location.pathname).toBe('/invoices');
  expect(screen.getByText('2 ticked')).toBeVisible();
});

test('a dialog that was closed by its button is no step for Back', async () => {
  const { router, user, dialog } = await openCheck();
  await user.click(dialog.getByRole('button', { name: 'Fix first' }));
  await noDialog();
  await waitFor(() => expect(router.state.location.state.overlays).toBeUndefined());

  router.history.back();

  expect(await screen.findByRole('heading', { name: 'Contacts' })).toBeVisible();
});

test('Back from the page that a fix led to shows the list, without a step for its dialog', async () => {
  const { router, user, dialog } = await openCheck();
  await user.click(dialog.getByRole('link', { name: 'Match cost centres' }));
  await screen.findByRole('heading', { name: 'Cost centres' });

  router.history.back();

  await screen.findByRole('heading', { name: 'Customer invoices' });
  await waitFor(() => expect(router.state.location.state.overlays).toBeUndefined());
  router.history.back();
  expect(await screen.findByRole('heading', { name: 'Contacts' })).toBeVisible();
});

test('Back closes the dialog on top, and the one below it stays', async () => {
  server.use(
    http.delete('/api/v1/connections/xero', () =>
      refusal(403, 'confirmation_required', 'Confirm this with your password'),
    ),
  );
  const { user, router } = renderApp('/settings/connections/xero');
  await user.click(await screen.findByRole('button', { name: 'Disconnect' }));
  const below = await screen.findByRole('dialog', { name: 'Disconnect from Xero?' });
  await user.click(within(below).getByRole('button', { name: 'Disconnect' }));
  await screen.findByRole('dialog', { name: 'Confirm with your password' });

  router.history.back();

  await waitFor(() =>
    expect(screen.queryByRole('dialog', { name: 'Confirm with your password' })).not.toBeInTheDocument(),
  );
  expect(screen.getByRole('dialog', { name: 'Disconnect from Xero?' })).toBeVisible();
  router.history.back();
  await noDialog();
  expect(screen.getByRole('button', { name: 'Disconnect' })).toBeVisible();
});
