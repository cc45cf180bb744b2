import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import type { CheckedContact, ExportCheck } from '@/api/types';
import { checkOf, goes, of, openCheck, world } from '@/testing/checks';
import { candidateAt, check, link } from '@/testing/fixtures';
import { server } from '@/testing/server';

const unsure = of('contact_unsure', 'It isn’t certain who this is', 'Two could be it.', '#/contact_id');

function withContacts(base: ExportCheck, ...contacts: CheckedContact[]): ExportCheck {
  return { ...base, contacts };
}

test('whom each invoice goes to is shown with how that is known; new contacts are one row', async () => {
  const held = checkOf([{ n: 1, problems: [unsure] }]);
  world([
    withContacts(
      held,
      goes(1, {
        name: 'Foxglove Café',
        goes_to: 'Foxglove Cafe',
        how: 'will_link',
        decided_by: 'email',
        evidence: ['email'],
        differs: [{ field: 'name', ours: 'Foxglove Café', theirs: 'Foxglove Cafe', effect: 'kept_in_xero' }],
      }),
      ...[2, 3, 4, 5, 6].map((n) => goes(n, {})),
    ),
  ]);
  const { user, dialog } = await openCheck();
  await user.click(dialog.getByRole('tab', { name: /^Who these go to\s*6$/ }));

  expect(
    dialog.getByRole('row', { name: /Foxglove Café Foxglove Cafe Same e-mail\s*Name differs 1/ }),
  ).toBeVisible();
  expect(dialog.getByRole('row', { name: /New in Xero.*5 \$575\.00/ })).toBeVisible();
  await user.click(dialog.getByRole('button', { name: 'and 2 more' }));
  expect(dialog.getByText(/Contact 6/)).toBeVisible();
});

test('a contact that will be created is shown with what may be the same in Xero, and with its remarks', async () => {
  const held = checkOf([{ n: 1, problems: [unsure] }]);
  const reference = of(
    'payer_reference_taken',
    'Another has it',
    'Will be sent without PAY-1.',
    '#/payer_reference',
  );
  world([
    withContacts(
      held,
      goes(1, {
        possible_duplicates: [
          { xero_contact_id: 'x-1', name: 'Southern Drains', agrees: ['email'] },
          { xero_contact_id: 'x-2', name: 'Contakt 1', agrees: [] },
        ],
        remarks: [reference],
      }),
      goes(2, {}),
    ),
  ]);
  const { user, dialog } = await openCheck();
  await user.click(dialog.getByRole('tab', { name: /^Who these go to/ }));

  const row = within(dialog.getByRole('row', { name: /Contact 1 New in Xero/ }));
  expect(row.getByText(/Southern Drains \(same e-mail\), Contakt 1 \(similar name\)/)).toBeVisible();
  expect(row.getByText('Will be sent without PAY-1.')).toBeVisible();
  expect(row.getByRole('link', { name: 'Choose' })).toHaveAttribute('href', '/contacts/con_1#link');
});

test('a contact in doubt is chosen in the check, which then counts its invoices as ready', async () => {
  const decided: unknown[] = [];
  server.use(
    http.get('/api/v1/contacts/con_1/link', () =>
      HttpResponse.json({ ...link, state: 'unsure', candidates: [candidateAt(1), candidateAt(2)] }),
    ),
    http.put('/api/v1/contacts/con_1/link', async ({ request }) => {
      decided.push(await request.json());
      return HttpResponse.json({ ...link, state: 'linked', xero_contact: candidateAt(2).xero_contact });
    }),
  );
  const held = withContacts(checkOf([{ n: 1, problems: [unsure] }]), goes(1, { how: 'unsure' }));
  const cured = withContacts(
    { ...check, total: 2 },
    goes(1, { how: 'linked', goes_to: 'Fenwick Builders 2' }),
  );
  world([held, cured]);
  const { user, dialog } = await openCheck();

  await user.click(dialog.getByRole('button', { name: 'Choose who it is' }));
  const question = within(await dialog.findByRole('region', { name: 'Who is Contact 1?' }));
  await user.click(await question.findByRole('radio', { name: /Fenwick Builders 2/ }));
  await user.click(question.getByRole('button', { name: 'Use this one' }));

  await waitFor(() => expect(decided).toEqual([{ xero_contact_id: 'xero-2' }]));
  expect(await screen.findByRole('button', { name: 'Export 2' })).toBeVisible();
});
