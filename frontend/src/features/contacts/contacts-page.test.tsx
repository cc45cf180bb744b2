import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { contact, problem } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { refused, server } from '@/testing/server';

test('a refused contact shows the fault at its field', async () => {
  server.use(http.post('/api/v1/contacts', () => refused('#/name', 'A company needs a name.')));
  const { user } = renderApp('/contacts');
  await user.click(await screen.findByRole('button', { name: 'Add contact' }));
  const dialog = await screen.findByRole('dialog', { name: 'Add a contact' });

  await user.click(within(dialog).getByRole('button', { name: 'Add contact' }));

  expect(await within(dialog).findByRole('alert')).toHaveTextContent('Company name: Enter the company name.');
  await waitFor(() => expect(within(dialog).getByRole('textbox', { name: 'Company name' })).toHaveFocus());
});

test('the form of a contact is closed by Back, and the list stays', async () => {
  const { user, router } = renderApp('/contacts');
  await user.click(await screen.findByRole('button', { name: 'Fenwick Builders' }));
  await screen.findByRole('dialog', { name: 'Fenwick Builders' });

  router.history.back();

  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  expect(screen.getByRole('button', { name: 'Fenwick Builders' })).toBeVisible();
});

test('a company that turns out to be a person loses the company’s name', async () => {
  const sent: unknown[] = [];
  server.use(
    http.patch('/api/v1/contacts/con_1', async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ ...contact, display_name: 'Mere Hohepa' });
    }),
  );
  const { user } = renderApp('/contacts');
  await user.click(await screen.findByRole('button', { name: 'Fenwick Builders' }));
  await user.click(await screen.findByRole('radio', { name: 'Person' }));
  await user.type(screen.getByRole('textbox', { name: 'First name' }), 'Mere');
  await user.type(screen.getByRole('textbox', { name: 'Last name' }), 'Hohepa');

  await user.click(screen.getByRole('button', { name: 'Save contact' }));

  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({ kind: 'person', name: null, first_name: 'Mere', last_name: 'Hohepa' });
});

test('a contact whose counterpart in Xero is not certain says so in the list', async () => {
  const unsure = { ...contact, id: 'con_2', display_name: 'John Smith', sync_state: 'unsure' };
  server.use(http.get('/api/v1/contacts', () => HttpResponse.json({ items: [unsure], next_cursor: null })));
  renderApp('/contacts?q=John+Smith');

  expect(await screen.findByRole('row', { name: /John Smith.*Who is this in Xero\?/ })).toBeVisible();
});

test('a contact shows what Xero refused in the list and in its form', async () => {
  const archived = { ...problem, title: 'The contact is archived in Xero', detail: 'Restore it there.' };
  const remark = {
    ...problem,
    code: 'payer_reference_taken',
    title: 'The payer reference is taken',
    fix: null,
  };
  const failed = { ...contact, sync_state: 'failed' as const, problems: [archived], remarks: [remark] };
  server.use(http.get('/api/v1/contacts', () => HttpResponse.json({ items: [failed], next_cursor: null })));
  const { user } = renderApp('/contacts');
  expect(await screen.findByText('The contact is archived in Xero')).toBeVisible();

  await user.click(screen.getByRole('button', { name: 'Fenwick Builders' }));

  const dialog = within(await screen.findByRole('dialog', { name: 'Fenwick Builders' }));
  expect(dialog.getByText('Restore it there.')).toBeVisible();
  expect(dialog.getByText('The payer reference is taken')).toBeVisible();
});
