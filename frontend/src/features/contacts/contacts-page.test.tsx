import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { connection, contact, problem } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { refused, server } from '@/testing/server';

const listOf = (...items: object[]) =>
  server.use(http.get('/api/v1/contacts', () => HttpResponse.json({ items, next_cursor: null })));

test('a refused contact shows the fault at its field', async () => {
  server.use(http.post('/api/v1/contacts', () => refused('#/name', 'A company needs a name.')));
  const { user } = renderApp('/contacts');
  await user.click(await screen.findByRole('button', { name: /^Add/ }));
  const dialog = await screen.findByRole('dialog', { name: 'Add a contact' });

  await user.click(within(dialog).getByRole('button', { name: 'Add contact' }));

  expect(await within(dialog).findByRole('alert')).toHaveTextContent('Company name: Enter the company name.');
  await waitFor(() => expect(within(dialog).getByRole('textbox', { name: 'Company name' })).toHaveFocus());
});

test('each state in Xero is said in words, and one of them can be shown alone', async () => {
  const asked: (string | null)[] = [];
  const states = ['unsure', 'failed', 'changed', 'not_sent', 'in_step'];
  server.use(
    http.get('/api/v1/contacts', ({ request }) => {
      asked.push(new URL(request.url).searchParams.get('sync_state'));
      const items = states.map((state, n) => ({ ...contact, id: `con_${n}`, sync_state: state }));
      return HttpResponse.json({ items, next_cursor: null });
    }),
  );
  const { user } = renderApp('/contacts');

  for (const words of ['Needs a choice', 'Not accepted', 'Changed here', 'Not in Xero', 'In step']) {
    expect(await screen.findByRole('row', { name: new RegExp(words) })).toBeVisible();
  }
  await user.click(screen.getByRole('tab', { name: /^Not accepted/ }));

  await waitFor(() => expect(asked.at(-1)).toBe('failed'));
});

test('a contact shows in the list what Xero refused', async () => {
  const archived = { ...problem, title: 'The contact is archived in Xero', detail: 'Restore it there.' };
  listOf({ ...contact, sync_state: 'failed', problems: [archived] });
  renderApp('/contacts');

  expect(await screen.findByText('The contact is archived in Xero')).toBeVisible();
});

test('a new business is led to the import, and to the connection before there is one', async () => {
  listOf();
  renderApp('/contacts');
  expect(await screen.findByText('No contacts yet')).toBeVisible();
  const [, toImport] = screen.getAllByRole('link', { name: /^Import/ });
  expect(toImport).toHaveAttribute('href', '/contacts/import');
});

test('without a connection there is nothing to import or push from', async () => {
  listOf();
  server.use(
    http.get('/api/v1/connections/xero', () => HttpResponse.json({ ...connection, state: 'not_connected' })),
  );
  renderApp('/contacts');

  expect(await screen.findByRole('link', { name: 'Connect to Xero' })).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Push now' })).not.toBeInTheDocument();
});
