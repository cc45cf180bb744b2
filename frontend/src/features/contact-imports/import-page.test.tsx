import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import type { ImportItem } from '@/api/types';
import { contactImport, importItemAt, problem } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { refusal, server } from '@/testing/server';

const applied = { ...contactImport, id: 'cim_2', mode: 'apply', preview_id: 'cim_1' };

/** The imports of the server, the contacts in them, and every body that was posted. */
function world(imports: object[], items: ImportItem[] = [importItemAt(1), importItemAt(2)]) {
  const posted: Record<string, unknown>[] = [];
  const page = (all: ImportItem[]) => HttpResponse.json({ items: all, next_cursor: null });
  server.use(
    http.post('/api/v1/contact-imports', async ({ request }) => {
      posted.push((await request.json()) as Record<string, unknown>);
      return HttpResponse.json(posted.at(-1)?.mode === 'apply' ? applied : contactImport, { status: 202 });
    }),
    http.get('/api/v1/contact-imports/:id', ({ params }) =>
      HttpResponse.json(imports.find((one) => 'id' in one && one.id === params.id)),
    ),
    http.get('/api/v1/contact-imports/:id/items', ({ request }) => {
      const { group, result } = Object.fromEntries(new URL(request.url).searchParams);
      return page(
        items.filter((item) => (!group || item.group === group) && (!result || item.result === result)),
      );
    }),
  );
  return posted;
}

const choose = async (user: ReturnType<typeof renderApp>['user'], field: string, option: string) => {
  await user.click(await screen.findByRole('combobox', { name: field }));
  await user.click(await screen.findByRole('option', { name: option }));
};

test('the possible duplicates come first, and the foot says at each answer what will happen', async () => {
  const posted = world([contactImport, applied]);
  const { user } = renderApp('/contacts/import?id=cim_1');
  expect(await screen.findByRole('tab', { name: /^Possible duplicates\s*2$/, selected: true })).toBeVisible();
  expect(screen.getByText(/3 come in new, 1 is linked\./)).toHaveTextContent('2 undecided contacts wait');

  await choose(user, 'What to do with Fenwick Builders 1', 'Same: link them');
  expect(screen.getByText(/3 come in new, 2 are linked\./)).toHaveTextContent('1 undecided contact waits');
  await choose(user, 'What to do with Fenwick Builders 2', 'Leave out');
  expect(screen.getByText('3 come in new, 2 are linked, 1 stays as it is.')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Import 5 contacts' }));

  await waitFor(() => expect(posted).toHaveLength(1));
  expect(posted[0]).toEqual({
    mode: 'apply',
    preview_id: 'cim_1',
    decisions: [
      { item_id: 'cii_1', decision: 'same', contact_id: 'con_1' },
      { item_id: 'cii_2', decision: 'leave_out' },
    ],
  });
});

test('ticked contacts get one answer, with the words of the rows', async () => {
  world([contactImport]);
  const { user } = renderApp('/contacts/import?id=cim_1');
  await user.click(await screen.findByRole('checkbox', { name: 'Tick all shown' }));

  await user.click(screen.getByRole('button', { name: /^Different/ }));

  expect(await screen.findByText('5 come in new, 1 is linked.')).toBeVisible();
  expect(screen.queryByRole('region', { name: 'Ticked contacts' })).not.toBeInTheDocument();
});

test('one answer for a whole group goes as one, however many pages it has', async () => {
  const posted = world([contactImport, applied]);
  const { user } = renderApp('/contacts/import?id=cim_1');

  await choose(user, 'Answer for all of them', 'All: leave out');
  await user.click(screen.getByRole('button', { name: 'Import 4 contacts' }));

  await waitFor(() => expect(posted).toHaveLength(1));
  expect(posted[0]).toMatchObject({
    decisions: [],
    decision_for_group: { group: 'possible_duplicate', decision: 'leave_out' },
  });
});

test('a contact that may be several of ours is linked to the one that is named', async () => {
  const posted = world(
    [contactImport, applied],
    [
      importItemAt(1, {
        contact: null,
        other_contacts: [
          { id: 'con_8', name: 'Tom A' },
          { id: 'con_9', name: 'Tom B' },
        ],
      }),
    ],
  );
  const { user } = renderApp('/contacts/import?id=cim_1');

  await choose(user, 'What to do with Fenwick Builders 1', 'Same as Tom B');
  await user.click(screen.getByRole('button', { name: 'Import 5 contacts' }));

  await waitFor(() => expect(posted).toHaveLength(1));
  expect(posted[0]).toMatchObject({
    decisions: [{ item_id: 'cii_1', decision: 'same', contact_id: 'con_9' }],
  });
});

test('what a new contact comes in as can be changed', async () => {
  const posted = world([contactImport, applied], [importItemAt(1, { group: 'new', contact: null })]);
  const { user } = renderApp('/contacts/import?id=cim_1');
  await user.click(await screen.findByRole('tab', { name: /^New/ }));

  await choose(user, 'What Fenwick Builders 1 comes in as', 'Contractor');
  await user.click(screen.getByRole('button', { name: 'Import 4 contacts' }));

  await waitFor(() => expect(posted).toHaveLength(1));
  expect(posted[0]).toMatchObject({ decisions: [{ decision: 'different', roles: ['contractor'] }] });
});

test('customers alone are read when only they are wanted', async () => {
  const posted = world([contactImport]);
  const { user, router } = renderApp('/contacts/import');
  await user.click(await screen.findByRole('checkbox', { name: 'Suppliers' }));

  await user.click(screen.getByRole('button', { name: 'Look at the contacts' }));

  expect(await screen.findByRole('tab', { name: /^Possible duplicates/ })).toBeVisible();
  expect(posted).toEqual([{ mode: 'preview', roles: ['customer'] }]);
  expect(router.state.location.search).toMatchObject({ id: 'cim_1' });
});

test('an import that runs says how far it is, and that the page may be closed', async () => {
  world([{ ...applied, state: 'running', imported: 2, linked: 1, undecided: 2 }]);
  renderApp('/contacts/import?id=cim_2');

  expect(await screen.findByText('3 of 4')).toBeVisible();
  expect(screen.getByText(/You can close this page/)).toBeVisible();
});

test('the result counts what happened, and leads from each contact that needs a look to its fix', async () => {
  const fix = { label: 'Open the contact', href: '/contacts/con_1' };
  const failed = { ...problem, title: 'It is linked already', detail: 'Another contact has it.', fix };
  world(
    [{ ...applied, imported: 3, linked: 1, failed: 1, undecided: 1 }],
    [importItemAt(1, { result: 'failed', problems: [failed] }), importItemAt(2, { result: 'undecided' })],
  );
  const { user } = renderApp('/contacts/import?id=cim_2');
  const result = within(await screen.findByRole('region', { name: 'Result' }));
  expect(result.getByText('4 of 5')).toBeVisible();
  expect(await screen.findByText('Another contact has it.')).toBeVisible();
  expect(screen.getByRole('link', { name: 'Open the contact' })).toHaveAttribute('href', fix.href);

  await user.click(screen.getByRole('button', { name: 'Decide about 1' }));

  expect(await screen.findByRole('row', { name: /Fenwick Builders 2/ })).toBeVisible();
  expect(screen.queryByRole('row', { name: /Fenwick Builders 1/ })).not.toBeInTheDocument();
});

test('after connecting the import is offered once, and its *Not now* is remembered', async () => {
  const put: unknown[] = [];
  server.use(
    http.get('/api/v1/contact-imports/offer', () => HttpResponse.json({ state: 'open' })),
    http.put('/api/v1/contact-imports/offer', async ({ request }) => {
      put.push(await request.json());
      return HttpResponse.json({ state: 'put_off' });
    }),
  );
  const { user } = renderApp('/settings/connections');
  expect(await screen.findByRole('link', { name: 'Import contacts' })).toHaveAttribute(
    'href',
    '/contacts/import',
  );

  await user.click(screen.getByRole('button', { name: 'Not now' }));

  await waitFor(() =>
    expect(screen.queryByText('Bring in your contacts from Xero?')).not.toBeInTheDocument(),
  );
  expect(put).toEqual([{ put_off: true }]);
});

test('an import that somebody else has started is named', async () => {
  server.use(
    http.post('/api/v1/contact-imports', () =>
      refusal(409, 'import_running', 'An import is running', [], {
        fix: { label: 'Open it', href: '/contacts/import?id=cim_7' },
      }),
    ),
  );
  const { user } = renderApp('/contacts/import');
  await user.click(await screen.findByRole('button', { name: 'Look at the contacts' }));

  expect(await screen.findByRole('link', { name: 'Open it' })).toBeVisible();
});
