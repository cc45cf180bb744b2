import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { contact, problem } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { server } from '@/testing/server';

test('the fix of a problem opens the form at its field', async () => {
  renderApp('/contacts/con_1#email');

  const dialog = await screen.findByRole('dialog', { name: 'Fenwick Builders' });
  expect(within(dialog).getByRole('textbox', { name: 'E-mail' })).toBeVisible();
});

test('what Xero refused stands on the page with its fix', async () => {
  const fix = { label: 'Change the e-mail', href: '/contacts/con_1#email' };
  const refused = { ...problem, code: 'contact_refused', title: 'Xero did not accept it', fix };
  server.use(
    http.get('/api/v1/contacts/con_1', () => HttpResponse.json({ ...contact, problems: [refused] })),
  );
  renderApp('/contacts/con_1');

  expect(await screen.findByText('Xero did not accept it')).toBeVisible();
  expect(screen.getByRole('link', { name: 'Change the e-mail' })).toHaveAttribute('href', fix.href);
});

test('the form of a contact is closed by Back, and the page stays', async () => {
  const { user, router } = renderApp('/contacts/con_1');
  await user.click(await screen.findByRole('button', { name: 'Edit' }));
  await screen.findByRole('dialog', { name: 'Fenwick Builders' });

  router.history.back();

  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  expect(screen.getByRole('heading', { name: 'Fenwick Builders', level: 1 })).toBeVisible();
});

test('a company that turns out to be a person loses the company’s name', async () => {
  const sent: unknown[] = [];
  server.use(
    http.patch('/api/v1/contacts/con_1', async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ ...contact, display_name: 'Mere Hohepa' });
    }),
  );
  const { user } = renderApp('/contacts/con_1');
  await user.click(await screen.findByRole('button', { name: 'Edit' }));
  await user.click(await screen.findByRole('radio', { name: 'Person' }));
  await user.type(screen.getByRole('textbox', { name: 'First name' }), 'Mere');
  await user.type(screen.getByRole('textbox', { name: 'Last name' }), 'Hohepa');
  await user.type(screen.getByRole('textbox', { name: 'City or town' }), 'Napier');

  await user.click(screen.getByRole('button', { name: 'Save contact' }));

  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({ kind: 'person', name: null, first_name: 'Mere', last_name: 'Hohepa' });
  expect(sent[0]).toMatchObject({ address: { city: 'Napier', line1: null } });
});
