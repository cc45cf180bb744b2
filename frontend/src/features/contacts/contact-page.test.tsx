import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { candidateAt, contact, link, problem } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { refusal, server } from '@/testing/server';

/** The link that is asked for, and every decision about it. */
function linkIs(first: object, afterwards: object = first) {
  const decided: unknown[] = [];
  server.use(
    http.get('/api/v1/contacts/con_1/link', () => HttpResponse.json(decided.length > 0 ? afterwards : first)),
    http.put('/api/v1/contacts/con_1/link', async ({ request }) => {
      decided.push(await request.json());
      return HttpResponse.json(afterwards);
    }),
  );
  return decided;
}

const unsure = { ...link, state: 'unsure', candidates: [candidateAt(1), candidateAt(2)] };
const linked = {
  ...link,
  state: 'linked',
  xero_contact: candidateAt(2).xero_contact,
  decided_by: 'person',
  decided_by_user: 'Mere Hohepa',
  decided_at: '2026-11-03T02:00:00Z',
};

test('a contact in doubt is linked to the one of two that somebody chooses', async () => {
  const decided = linkIs(unsure, linked);
  const { user } = renderApp('/contacts/con_1');
  expect(await screen.findByRole('heading', { name: 'In Xero this could be one of two' })).toBeVisible();
  expect(screen.getByRole('button', { name: 'Yes, link them' })).toBeDisabled();

  await user.click(screen.getByRole('radio', { name: /Fenwick Builders 2/ }));
  const row = screen.getByRole('row', { name: /Phone/ });
  expect(row).toHaveTextContent('Xero keeps its own');
  await user.click(screen.getByRole('button', { name: 'Yes, link them' }));

  expect(await screen.findByRole('heading', { name: 'In Xero this is Fenwick Builders 2' })).toBeVisible();
  expect(decided).toEqual([{ xero_contact_id: 'xero-2' }]);
  expect(screen.getByText('Linked by Mere Hohepa on 3 Nov')).toBeVisible();
});

test('somebody who is none of them goes in under a name of its own, with all like it', async () => {
  const decided = linkIs({ ...unsure, new_name: 'Fenwick Builders (Napier)', like_these: 3 }, linked);
  const { user } = renderApp('/contacts/con_1');

  await user.click(await screen.findByRole('radio', { name: /^Neither: make a new contact/ }));
  expect(screen.getByRole('textbox', { name: 'Name in Xero' })).toHaveValue('Fenwick Builders (Napier)');
  await user.click(screen.getByRole('checkbox', { name: /^Also for 3 other contacts/ }));
  await user.click(screen.getByRole('button', { name: 'Make a new contact' }));

  await waitFor(() =>
    expect(decided).toEqual([
      { new: true, xero_name: 'Fenwick Builders (Napier)', same_for_all_like_these: true },
    ]),
  );
});

test('a contact that will be linked by its name says to whom, and not that it is created', async () => {
  linkIs({ ...link, candidates: [candidateAt(1)] });
  renderApp('/contacts/con_1');

  expect(await screen.findByText('In Xero this will be Fenwick Builders 1')).toBeVisible();
  expect(screen.getByText(/Same name\. It is linked with its first invoice/)).toBeVisible();
});

test('a contact of Xero that belongs to another of ours cannot be chosen, and says whose it is', async () => {
  const taken = candidateAt(1, { taken_by: { contact_id: 'con_9', name: 'Fenwick & Sons' } });
  linkIs({ ...unsure, candidates: [taken, candidateAt(2)] });
  renderApp('/contacts/con_1');

  const card = await screen.findByRole('radio', { name: /belongs to Fenwick & Sons here/ });

  expect(card).toBeDisabled();
});

test('a refused choice says why, and the choice stays', async () => {
  linkIs(unsure);
  server.use(
    http.put('/api/v1/contacts/con_1/link', () =>
      refusal(409, 'contact_taken', 'Another contact is linked to it already'),
    ),
  );
  const { user } = renderApp('/contacts/con_1');
  await user.click(await screen.findByRole('radio', { name: /Fenwick Builders 2/ }));
  await user.click(screen.getByRole('button', { name: 'Yes, link them' }));

  expect(await screen.findByRole('alert')).toHaveTextContent('Another contact is linked to it already');
  expect(screen.getByRole('radio', { name: /Fenwick Builders 2/ })).toBeChecked();
});

test('unlinking asks first, and says that what was sent stays', async () => {
  const unlinked: string[] = [];
  linkIs(linked);
  server.use(
    http.delete('/api/v1/contacts/con_1/link', () => {
      unlinked.push('con_1');
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const { user } = renderApp('/contacts/con_1');
  await user.click(await screen.findByRole('button', { name: 'Unlink' }));
  const dialog = await screen.findByRole('dialog', { name: 'Unlink from Fenwick Builders 2?' });
  expect(dialog).toHaveTextContent('What was sent stays');
  expect(unlinked).toEqual([]);

  await user.click(within(dialog).getByRole('button', { name: 'Unlink' }));

  await waitFor(() => expect(unlinked).toEqual(['con_1']));
});

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

test('a contact that was changed on both sides is settled by the side that somebody chooses', async () => {
  const sent: unknown[] = [];
  const conflict = {
    ...problem,
    code: 'contact_conflict',
    title: 'The contact was changed here and in Xero',
    choices: [
      { code: 'keep_xeros', label: 'Keep what Xero has', document: null },
      { code: 'send_ours', label: 'Send ours', document: null },
    ],
  };
  server.use(
    http.get('/api/v1/contacts/con_1', () =>
      HttpResponse.json({ ...contact, problems: sent.length > 0 ? [] : [conflict] }),
    ),
    http.put('/api/v1/contacts/con_1/answers/contact_conflict', async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(contact);
    }),
  );
  const { user } = renderApp('/contacts/con_1');
  await user.click(await screen.findByRole('button', { name: 'Send ours' }));

  await waitFor(() =>
    expect(screen.queryByText('The contact was changed here and in Xero')).not.toBeInTheDocument(),
  );
  expect(sent).toEqual([{ choice: 'send_ours' }]);
});
