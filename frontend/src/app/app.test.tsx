import { screen, waitFor } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test, vi } from 'vitest';
import { session } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { refusal, server } from '@/testing/server';

test('an address that leads nowhere says so, and the navigation stays', async () => {
  renderApp('/no/such/page');

  expect(await screen.findByRole('heading', { name: 'There’s no such page' })).toBeVisible();
  expect(screen.getByRole('navigation', { name: 'Main' })).toBeVisible();
});

test('the old names of settings lead to the new pages', async () => {
  const { router } = renderApp('/settings/smart-lists/cost-center');

  await screen.findByRole('heading', { name: 'Cost centres' });
  expect(router.state.location.pathname).toBe('/settings/cost-centres');
});

test('the app starts at Home, and the brand leads back there', async () => {
  const { user, router } = renderApp('/');
  expect(await screen.findByRole('heading', { name: /Home|Set up Jobtally/ })).toBeVisible();
  await router.navigate({ to: '/contacts' });

  await user.click(await screen.findByRole('link', { name: 'Jobtally' }));

  await waitFor(() => expect(router.state.location.pathname).toBe('/home'));
});

test('the app says on every page when the Xero behind it is a stand-in', async () => {
  server.use(http.get('/api/v1/session', () => HttpResponse.json({ ...session, xero_stand_in: true })));

  renderApp('/contacts');

  expect(await screen.findByRole('button', { name: /The Xero here is a stand-in/ })).toBeVisible();
});

test('a page whose data cannot be loaded says so, with the id that support asks for and a way to try again', async () => {
  server.use(
    http.get('/api/v1/contacts', () => refusal(500, 'internal', 'Something went wrong on our side')),
  );
  const { user } = renderApp('/contacts');
  expect(await screen.findByRole('alert')).toHaveTextContent('req_1');
  server.resetHandlers();

  await user.click(screen.getByRole('button', { name: 'Try again' }));

  expect(await screen.findByText('Fenwick Builders')).toBeVisible();
});

test('a page that breaks leaves the frame around it usable', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  server.use(
    http.get('/api/v1/contacts', () => HttpResponse.json({ items: [{ id: 'con_1' }], next_cursor: null })),
  );

  renderApp('/contacts');

  expect(await screen.findByText('Something went wrong on this page')).toBeVisible();
  expect(screen.getByRole('navigation', { name: 'Main' })).toBeVisible();
});
