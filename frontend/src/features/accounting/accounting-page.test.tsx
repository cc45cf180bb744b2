import { screen, waitFor } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import { LABELS } from '@/features/accounting/labels';
import { counts, preferences } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { refusal, refused, server } from '@/testing/server';

type Sent = { change: object; ifMatch: string | null };

/** Preferences as the server keeps them: every accepted change moves the tag on. */
function keepPreferences(tag = 1) {
  const sent: Sent[] = [];
  const kept = { value: { ...preferences }, tag };
  const answer = () => HttpResponse.json(kept.value, { headers: { ETag: `"${kept.tag}"` } });
  server.use(
    http.get('/api/v1/preferences', answer),
    http.patch('/api/v1/preferences', async ({ request }) => {
      const change = (await request.json()) as object;
      const ifMatch = request.headers.get('If-Match');
      sent.push({ change, ifMatch });
      if (ifMatch !== `"${kept.tag}"`) return refusal(412, 'precondition_failed', 'Changed meanwhile');
      kept.value = { ...kept.value, ...change };
      kept.tag += 1;
      return answer();
    }),
  );
  return { sent, kept };
}

const chooseLastFirst = async (user: ReturnType<typeof renderApp>['user']) =>
  user.click(await screen.findByRole('radio', { name: 'Last, First' }));

describe('accounting preferences', () => {
  test('send only what was changed, under the tag they were read with', async () => {
    const { sent } = keepPreferences();
    const { user } = renderApp('/settings/accounting');

    await chooseLastFirst(user);
    expect(screen.getByText('Hohepa, Mere')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Save' }));

    expect(await screen.findByText('Saved')).toBeVisible();
    expect(sent).toEqual([{ change: { person_name_format: 'last_first' }, ifMatch: '"1"' }]);
    expect(screen.queryByRole('button', { name: 'Save' })).not.toBeInTheDocument();
  });

  test('keep invoices of before the first day out, and say how many those are', async () => {
    const { sent, kept } = keepPreferences();
    kept.value.send_from_date = '2026-11-01';
    const asked: string[] = [];
    server.use(
      http.get('/api/v1/invoices/counts', ({ request }) => {
        const query = new URL(request.url).searchParams;
        if (query.get('status') === 'approved') asked.push(query.get('issued_to') ?? '');
        return HttpResponse.json({ ...counts, count: 412 });
      }),
    );
    const { user } = renderApp('/settings/accounting');
    expect(await screen.findByText(/412 invoices from before/)).toBeVisible();
    expect(asked).toEqual(['2026-10-31']);

    const field = screen.getByRole('textbox', { name: 'Send invoices from' });
    await user.clear(field);
    await user.type(field, '1 Oct 2026');
    await user.tab();
    await user.click(screen.getByRole('button', { name: 'Save' }));

    expect(await screen.findByText('Saved')).toBeVisible();
    expect(sent[0]?.change).toEqual({ send_from_date: '2026-10-01' });
  });

  test('say that marking as sent has no effect on drafts, and that item codes move stock', async () => {
    const { sent } = keepPreferences();
    const { user } = renderApp('/settings/accounting');
    const marking = await screen.findByRole('switch', { name: /^Mark customer invoices as sent/ });
    expect(screen.getByText(/^Has no effect now/)).toBeVisible();
    expect(screen.getByText(/changes that stock/)).toBeVisible();

    await user.click(screen.getAllByRole('radio', { name: 'Approved' })[0] as HTMLElement);
    await user.click(marking);
    expect(screen.getByText(/reminders go out only/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Save' }));

    expect(await screen.findByText('Saved')).toBeVisible();
    expect(sent[0]?.change).toEqual({ customer_invoice_status: 'AUTHORISED', mark_as_sent: true });
  });

  test('switch the alert about unsent invoices off when its days are emptied', async () => {
    const { sent } = keepPreferences();
    const { user } = renderApp('/settings/accounting');

    const days = await screen.findByRole('textbox', { name: /^Days until an approved invoice/ });
    expect(days).toHaveValue('3');
    await user.clear(days);
    await user.click(screen.getByRole('switch', { name: /^Mail a summary/ }));
    await user.click(screen.getByRole('button', { name: 'Save' }));

    expect(await screen.findByText('Saved')).toBeVisible();
    expect(sent[0]?.change).toEqual({ never_sent_alarm_days: null, digest_mail: true });
  });

  test('can be taken back after saving, under the new tag', async () => {
    const { sent } = keepPreferences();
    const { user } = renderApp('/settings/accounting');
    await chooseLastFirst(user);
    await user.click(screen.getByRole('button', { name: 'Save' }));

    await user.click(await screen.findByRole('button', { name: 'Undo' }));

    await waitFor(() => expect(screen.getByRole('radio', { name: 'First Last' })).toBeChecked());
    expect(sent[1]).toEqual({ change: { person_name_format: 'first_last' }, ifMatch: '"2"' });
  });

  test('never overwrite what somebody else saved meanwhile unless asked to', async () => {
    const { sent, kept } = keepPreferences();
    const { user } = renderApp('/settings/accounting');
    await chooseLastFirst(user);
    kept.tag = 5;
    kept.value = { ...kept.value, reference_on_bills: true };

    await user.click(screen.getByRole('button', { name: 'Save' }));
    await screen.findByText('Somebody else changed this page meanwhile');
    await user.click(screen.getByRole('button', { name: 'Keep mine' }));

    await screen.findByText('Saved');
    expect(sent.at(-1)).toEqual({ change: { person_name_format: 'last_first' }, ifMatch: '"5"' });
    expect(kept.value).toMatchObject({ person_name_format: 'last_first', reference_on_bills: true });
    expect(screen.getByRole('switch', { name: /supplier invoices too/ })).toBeChecked();
  });

  test('show the other person’s changes when those are preferred, and take that back', async () => {
    const { kept } = keepPreferences();
    const { user } = renderApp('/settings/accounting');
    await chooseLastFirst(user);
    kept.tag = 5;
    kept.value = { ...kept.value, reference_on_bills: true };
    await user.click(screen.getByRole('button', { name: 'Save' }));

    await user.click(await screen.findByRole('button', { name: 'Discard mine, show theirs' }));

    await waitFor(() => expect(screen.getByRole('radio', { name: 'First Last' })).toBeChecked());
    expect(screen.getByRole('switch', { name: /supplier invoices too/ })).toBeChecked();

    await user.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(screen.getByRole('radio', { name: 'First Last' })).not.toBeChecked());
    expect(screen.getByRole('switch', { name: /supplier invoices too/ })).toBeChecked();
    expect(screen.getByRole('button', { name: 'Save' })).toBeVisible();
  });

  test('are not saved with a first day that cannot be read', async () => {
    const { sent } = keepPreferences();
    const { user } = renderApp('/settings/accounting');
    await user.type(await screen.findByRole('textbox', { name: LABELS.send_from_date }), 'tomorrow');
    await user.click(screen.getByRole('button', { name: 'Save' }));

    const field = screen.getByRole('textbox', { name: LABELS.send_from_date });
    await waitFor(() => expect(field).toHaveAccessibleDescription(/Write a date like 20 Dec 2026/));
    expect(field).toHaveValue('tomorrow');
    expect(sent).toEqual([]);
  });

  test('that are refused name the field in the summary and beside it, and focus it', async () => {
    server.use(
      http.patch('/api/v1/preferences', () =>
        refused('#/default_expense_code', '200 is the invoice item code already.'),
      ),
    );
    const { user } = renderApp('/settings/accounting');
    await chooseLastFirst(user);

    await user.click(screen.getByRole('button', { name: 'Save' }));

    const field = await screen.findByRole('combobox', { name: 'Order items' });
    await waitFor(() => expect(field).toHaveFocus());
    expect(field).toBeInvalid();
    expect(screen.getByRole('alert')).toHaveTextContent('Order items: 200 is the invoice item code already.');
    expect(screen.getByRole('radio', { name: 'Last, First' })).toBeChecked();
  });

  test('preview the reference as parts are added and moved', async () => {
    const { user } = renderApp('/settings/accounting');
    await user.click(await screen.findByRole('button', { name: 'Add' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Job location' }));

    await user.click(screen.getByRole('button', { name: 'Move Job location forward' }));

    expect(screen.getByText(/“14 Rata St, J8116”/)).toHaveTextContent('17 of 255 characters');
  });

  test('ask before they are left unsaved', async () => {
    const { user, router } = renderApp('/settings/accounting');
    await chooseLastFirst(user);

    await user.click(screen.getByRole('link', { name: 'Contacts' }));

    expect(await screen.findByRole('dialog', { name: 'Leave without saving?' })).toBeVisible();
    expect(router.state.location.pathname).toBe('/settings/accounting');
  });
});

describe('the status after an export', () => {
  test('that is added on the spot is chosen, and refused names are shown', async () => {
    const names: string[] = [];
    server.use(
      http.post('/api/v1/job-statuses', async ({ request }) => {
        const { name } = (await request.json()) as { name: string };
        names.push(name);
        return names.length === 1
          ? refused('#/name', 'There is a status of this name.')
          : HttpResponse.json({ id: 'jst_1', name }, { status: 201 });
      }),
    );
    const { user } = renderApp('/settings/status-changes');
    await user.type(await screen.findByRole('textbox', { name: 'New status' }), 'Invoiced');

    await user.click(screen.getByRole('button', { name: 'Add status' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('There is a status of this name.');
    await user.click(screen.getByRole('button', { name: 'Add status' }));

    await waitFor(() =>
      expect(screen.getByRole('combobox', { name: /set the job to/ })).toHaveValue('Invoiced'),
    );
    expect(screen.getByRole('button', { name: 'Save' })).toBeVisible();
  });
});
