import { screen, waitFor } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { contactPush, problem } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { server } from '@/testing/server';

test('each contact of a push shows its result, with what Xero did not accept', async () => {
  const archived = { ...problem, title: 'The contact is archived in Xero' };
  server.use(
    http.get('/api/v1/contact-pushes/cpu_1', () => HttpResponse.json(contactPush)),
    http.get('/api/v1/contact-pushes/cpu_1/items', () =>
      HttpResponse.json({
        items: [
          {
            contact: { id: 'con_1', name: 'Fenwick' },
            result: 'failed',
            fields: ['email'],
            problems: [archived],
          },
        ],
        next_cursor: null,
      }),
    ),
  );
  renderApp('/contacts/pushes/cpu_1');

  expect(await screen.findByText('4 of 5 contacts are in step with Xero. 1 was not accepted.')).toBeVisible();
  const row = await screen.findByRole('row', { name: /Fenwick.*E-mail.*Not accepted.*archived in Xero/ });
  expect(row).toBeVisible();
  expect(screen.getByRole('link', { name: 'Fenwick' })).toHaveAttribute('href', '/contacts/con_1');
});

test('the preferences say when contacts went last, how that ended and when they go next', async () => {
  const started: string[] = [];
  server.use(
    http.get('/api/v1/contact-pushes/schedule', () =>
      HttpResponse.json({ enabled: true, last: contactPush, next_at: '2026-11-22T08:00:00Z' }),
    ),
    http.post('/api/v1/contact-pushes', () => {
      started.push('push');
      return HttpResponse.json({ ...contactPush, id: 'cpu_2', state: 'queued' }, { status: 202 });
    }),
  );
  const { user } = renderApp('/settings/accounting');
  expect(await screen.findByText(/4 of 5 contacts are in step/)).toBeVisible();
  expect(screen.getByText('22 Nov 2026, 9:00 pm')).toBeVisible();
  expect(screen.getByText('See the results')).toHaveAttribute('href', '/contacts/pushes/cpu_1');

  await user.click(await screen.findByText('Push now'));

  await waitFor(() => expect(started).toEqual(['push']));
  expect(await screen.findByText('Your contacts are on their way to Xero')).toBeVisible();
});

test('another format of names says how many names in Xero it will change, before it is saved', async () => {
  const asked: (string | null)[] = [];
  server.use(
    http.get('/api/v1/contact-pushes/name-changes', ({ request }) => {
      asked.push(new URL(request.url).searchParams.get('person_name_format'));
      return HttpResponse.json({ count: 12 });
    }),
  );
  const { user } = renderApp('/settings/accounting');

  await user.click(await screen.findByLabelText('Last, First'));

  expect(await screen.findByText(/12 names in Xero change with the next push/)).toHaveTextContent(
    'Hohepa, Mere',
  );
  expect(asked).toEqual(['last_first']);
});
