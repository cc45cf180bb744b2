import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { notification } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { server } from '@/testing/server';

test('the bell tells the finished sentence, leads to the export, and forgets the number once read', async () => {
  const marked: unknown[] = [];
  server.use(
    http.get('/api/v1/notifications', () =>
      HttpResponse.json({ items: [notification], next_cursor: 'c1', has_more: false, unread: 1 }),
    ),
    http.put('/api/v1/notifications/read-marker', async ({ request }) => {
      marked.push(await request.json());
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const { user } = renderApp('/contacts');

  await user.click(await screen.findByRole('button', { name: 'Notifications, 1 unread' }));
  const drawer = within(await screen.findByRole('dialog', { name: 'Notifications' }));
  expect(drawer.getByText('3 of 3 invoices have been exported to Xero.')).toBeInTheDocument();
  expect(drawer.getByRole('link', { name: 'View export' })).toHaveAttribute('href', '/exports/exp_1');
  expect(document.title).toMatch(/^\(1\) /);

  await user.click(drawer.getByRole('button', { name: 'Mark all as read' }));
  await waitFor(() => expect(document.title).not.toMatch(/^\(/));
  expect(marked).toEqual([{ cursor: 'c1' }]);
});

test('an alarm about invoices that nobody sent leads to them', async () => {
  const message = '2 customer invoices (NZD 230.00) were approved more than 3 days ago.';
  const data = { total: 2, href: '/bills?view=attention' };
  const alarm = { ...notification, kind: 'invoices.never_sent', message, data };
  server.use(
    http.get('/api/v1/notifications', () =>
      HttpResponse.json({ items: [alarm], next_cursor: 'c1', has_more: false, unread: 1 }),
    ),
  );
  const { user } = renderApp('/contacts');

  await user.click(await screen.findByRole('button', { name: 'Notifications, 1 unread' }));

  const link = await screen.findByRole('link', { name: 'View the invoices' });
  expect(link).toHaveAttribute('href', '/bills?view=attention');
});
