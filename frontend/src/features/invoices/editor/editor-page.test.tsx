import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import type { Invoice } from '@/api/types';
import { checkOf, unknownCode } from '@/testing/checks';
import { check, inFull, invoiceAt } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { refusal, server } from '@/testing/server';

const invoice = inFull(invoiceAt(1));

/** An invoice that can be edited; what is sent to change it is remembered. */
function watchEditing(answers: (() => Response)[] = [], shown: Invoice = invoice) {
  const changes: { body: Record<string, unknown>; ifMatch: string | null }[] = [];
  let version = 7;
  server.use(
    http.get('/api/v1/tax-rates', () =>
      HttpResponse.json({
        items: [
          {
            id: 'txr_1',
            tax_type: 'OUTPUT2',
            name: '15% GST on Income',
            rate: '15.0000',
            for_income: true,
            for_expense: false,
            for_asset: true,
            for_liability: true,
            for_equity: true,
            active: true,
          },
        ],
        next_cursor: null,
      }),
    ),
    http.get('/api/v1/invoices/inv_1', () => HttpResponse.json(shown, { headers: { ETag: `"${version}"` } })),
    http.post('/api/v1/export-checks', () => HttpResponse.json(check)),
    http.patch('/api/v1/invoices/inv_1', async ({ request }) => {
      changes.push({
        body: (await request.json()) as Record<string, unknown>,
        ifMatch: request.headers.get('If-Match'),
      });
      version += 1;
      return answers.shift()?.() ?? HttpResponse.json({ ...shown, approval_withdrawn: false });
    }),
  );
  return changes;
}

const price = () => screen.findByRole('textbox', { name: 'Line 1: price' });
const totals = () => document.querySelector('.editor-totals') as HTMLElement;

describe('the editor of an invoice', () => {
  test('computes what is written as the API does, and sends only what differs', async () => {
    const changes = watchEditing();
    const { user, router } = renderApp('/invoices/inv_1/edit');
    await user.click(await screen.findByRole('combobox', { name: 'Line 1: code' }));
    await user.click(await screen.findByRole('option', { name: '200 Sales' }));
    await user.clear(await price());
    await user.type(await price(), '48.99');

    await waitFor(() => expect(within(totals()).getByText('$122.48')).toBeVisible());
    expect(within(totals()).getByText('$140.85')).toBeVisible();
    expect(await screen.findByText(/becomes a draft again/)).toBeVisible();
    await user.keyboard('{Control>}s{/Control}');

    await waitFor(() => expect(router.state.location.search).toEqual({ view: 'all', open: 'inv_1' }));
    expect(changes).toHaveLength(1);
    expect(changes[0]?.ifMatch).toBe('"7"');
    expect(changes[0]?.body).toEqual({
      lines: [expect.objectContaining({ unit_price: '48.99', quantity: '2.50', accounting_code: '200' })],
    });
  });

  test('adds lines and text by the keyboard, moves them and takes a removal back', async () => {
    const changes = watchEditing();
    const { user } = renderApp('/invoices/inv_1/edit');
    await user.click(await screen.findByRole('textbox', { name: 'Line 1: description' }));

    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.getByRole('textbox', { name: 'Line 2: description' })).toHaveFocus());
    await user.keyboard('Travel{Alt>}{ArrowUp}{/Alt}');
    await waitFor(() =>
      expect(screen.getByRole('textbox', { name: 'Line 1: description' })).toHaveValue('Travel'),
    );
    await waitFor(() => expect(screen.getByRole('textbox', { name: 'Line 1: description' })).toHaveFocus());
    await user.keyboard('{Control>}{Backspace}{/Control}');
    await waitFor(() =>
      expect(screen.queryByRole('textbox', { name: 'Line 2: description' })).not.toBeInTheDocument(),
    );
    await user.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(screen.getByRole('textbox', { name: 'Line 1: description' })).toHaveFocus());
    expect(screen.getByRole('textbox', { name: 'Line 1: description' })).toHaveValue('Travel');
    await user.type(screen.getByRole('textbox', { name: 'Line 1: price' }), '85');
    await user.click(screen.getByRole('button', { name: 'Add text' }));
    await waitFor(() => expect(screen.getByRole('textbox', { name: 'Line 3: description' })).toHaveFocus());
    await user.keyboard('Thank you');
    await user.click(screen.getByRole('button', { name: 'Save' }));

    await waitFor(() => expect(changes).toHaveLength(1));
    const lines = changes[0]?.body.lines as Record<string, unknown>[];
    expect(lines.map((line) => line.description)).toEqual(['Travel', 'Labour', 'Thank you']);
    expect(lines[2]).toEqual({ description: 'Thank you' });
  });

  test.each([
    ['price', 'abc', 'Write a number like 85.00.'],
    ['price', '85,00', 'Write a number like 85.00.'],
    ['price', '12.34567', 'Use at most 4 decimals.'],
    ['price', '99,999,999,999.00', 'Too large.'],
    ['price', '9,999,999,999.00', 'Too large with this quantity.'],
    ['price', '', 'Enter a price.'],
    ['quantity', '5.', 'Write a number like 85.00.'],
    ['quantity', '', 'Enter a quantity.'],
    ['discount in percent', '1e3', 'Write a number like 85.00.'],
    ['discount in percent', '100.5', 'Use 0 to 100.'],
    ['description', '', 'Write a description.'],
  ])('does not save a line whose %s is "%s", and says why beside it', async (cell, typed, words) => {
    const changes = watchEditing();
    const { user } = renderApp('/invoices/inv_1/edit');
    const field = await screen.findByRole('textbox', { name: `Line 1: ${cell}` });
    await user.clear(field);
    if (typed) await user.type(field, typed);
    await user.click(screen.getByRole('textbox', { name: 'Reference' }));
    expect(screen.getByRole('status')).toHaveTextContent('1 field to correct before it can be saved');

    await user.keyboard('{Control>}s{/Control}');

    await waitFor(() => expect(field).toHaveFocus());
    expect(field).toHaveValue(typed);
    expect(field).toHaveAccessibleDescription(words);
    expect(changes).toEqual([]);

    await user.clear(field);
    await user.type(field, '7');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(changes).toHaveLength(1));
  });

  test('marks what the API refuses until it is changed, and focuses the first of it', async () => {
    const tooLong = { code: 'string_too_long', detail: 'Use at most 4000 characters.' };
    watchEditing([
      () =>
        refusal(422, 'invalid', 'Invalid', [
          { pointer: '#/lines/0/description', ...tooLong },
          { pointer: '#/lines/0/accounting_code', code: 'unknown_code', detail: 'No code has this name.' },
        ]),
    ]);
    const { user } = renderApp('/invoices/inv_1/edit');
    const description = await screen.findByRole('textbox', { name: 'Line 1: description' });
    await user.type(description, ' more');
    await user.click(screen.getByRole('button', { name: 'Save' }));

    const note = await screen.findByText('Line 1, description: Use at most 4000 characters.');
    await waitFor(() => expect(description).toHaveFocus());
    expect(description).toBeInvalid();
    await user.keyboard('!');
    expect(description).toBeValid();
    expect(note).not.toBeInTheDocument();
    const code = screen.getByRole('combobox', { name: 'Line 1: code' });
    expect(code).toBeInvalid();

    await user.click(code);
    await user.click(await screen.findByRole('option', { name: '200 Sales' }));
    await waitFor(() => expect(code).toBeValid());
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  test('is saved by Ctrl S while nothing has the focus', async () => {
    const changes = watchEditing();
    const { user } = renderApp('/invoices/inv_1/edit');
    await user.type(await screen.findByRole('textbox', { name: 'Reference' }), 'PO 7');
    (document.activeElement as HTMLElement).blur();
    expect(document.body).toHaveFocus();
    await user.keyboard('{Control>}s{/Control}');

    await waitFor(() => expect(changes).toHaveLength(1));
  });

  test('is not saved with a date that cannot be read, which can be discarded', async () => {
    const changes = watchEditing();
    const { user } = renderApp('/invoices/inv_1/edit');
    const due = await screen.findByRole('textbox', { name: 'Due' });
    const before = (due as HTMLInputElement).value;
    await user.clear(due);
    await user.type(due, '31 Feb 2027');
    await user.keyboard('{Control>}s{/Control}');

    await waitFor(() => expect(due).toHaveAccessibleDescription('Write a date like 20 Dec 2026.'));
    expect(due).toHaveValue('31 Feb 2027');
    expect(changes).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Discard' }));
    await waitFor(() => expect(screen.getByRole('textbox', { name: 'Due' })).toHaveValue(before));
    expect(screen.getByRole('textbox', { name: 'Due' })).toBeValid();
  });

  test('is not saved while it is due before its date', async () => {
    const changes = watchEditing();
    const { user } = renderApp('/invoices/inv_1/edit');
    const due = await screen.findByRole('textbox', { name: 'Due' });
    await user.clear(due);
    await user.type(due, '1 Jan 2020');
    await user.keyboard('{Control>}s{/Control}');

    await waitFor(() => expect(due).toHaveAccessibleDescription('It can’t be due before its date.'));
    expect(changes).toEqual([]);
  });

  test('says what would stand against it, and marks the cell', async () => {
    watchEditing();
    server.use(
      http.post('/api/v1/export-checks', () =>
        HttpResponse.json(checkOf([{ n: 1, problems: [unknownCode(0, '229')] }])),
      ),
    );
    const { user } = renderApp('/invoices/inv_1/edit');
    await user.type(await screen.findByRole('textbox', { name: 'Reference' }), 'PO 7');

    expect(await screen.findByText(': Line 1: 229 isn’t in Xero.')).toBeVisible();
    expect(screen.getByRole('status')).toHaveTextContent('1 to fix before it can go to Xero');
    const code = screen.getByRole('combobox', { name: 'Line 1: code' });
    expect(code.closest('td')).toHaveAttribute('data-wrong');
  });

  test('loses neither change when somebody else was quicker', async () => {
    const changes = watchEditing([
      () => refusal(412, 'changed_meanwhile', 'Somebody changed this meanwhile'),
    ]);
    const { user } = renderApp('/invoices/inv_1/edit');
    await user.type(await screen.findByRole('textbox', { name: 'Reference' }), 'PO 7');
    await user.click(screen.getByRole('button', { name: 'Save' }));

    await user.click(await screen.findByRole('button', { name: 'Keep mine' }));

    await waitFor(() =>
      expect(changes).toEqual([
        { body: { reference: 'PO 7' }, ifMatch: '"7"' },
        { body: { reference: 'PO 7' }, ifMatch: '"8"' },
      ]),
    );
  });

  test('brings mine back onto the other version after that was shown', async () => {
    const changes = watchEditing([
      () => refusal(412, 'changed_meanwhile', 'Somebody changed this meanwhile'),
    ]);
    const { user } = renderApp('/invoices/inv_1/edit');
    await user.type(await screen.findByRole('textbox', { name: 'Reference' }), 'PO 7');
    const description = screen.getByRole('textbox', { name: 'Line 1: description' });
    expect(description).toHaveValue('Labour');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    const lines = invoice.lines.map((line) => ({ ...line, description: 'Labour, two plumbers' }));
    server.use(
      http.get('/api/v1/invoices/inv_1', () =>
        HttpResponse.json({ ...invoice, lines }, { headers: { ETag: '"8"' } }),
      ),
    );

    await user.click(await screen.findByRole('button', { name: 'Discard mine, show theirs' }));
    await waitFor(() => expect(screen.getByRole('textbox', { name: 'Reference' })).toHaveValue(''));
    await user.click(await screen.findByRole('button', { name: 'Undo' }));

    await waitFor(() => expect(screen.getByRole('textbox', { name: 'Reference' })).toHaveValue('PO 7'));
    expect(screen.getByRole('textbox', { name: 'Line 1: description' })).toHaveValue('Labour, two plumbers');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(changes.at(-1)).toEqual({ body: { reference: 'PO 7' }, ifMatch: '"8"' }));
  });
});

describe('a draft in the editor', () => {
  const draft = inFull(invoiceAt(1, { status: 'draft' }));

  /** Remembers whether it was approved, after how many changes. */
  function watchApproval(changes: unknown[], answer = () => HttpResponse.json(draft)) {
    const approvals: number[] = [];
    server.use(
      http.put('/api/v1/invoices/inv_1/approval', () => {
        approvals.push(changes.length);
        return answer();
      }),
    );
    return approvals;
  }

  test('is approved as it stands', async () => {
    const changes = watchEditing([], draft);
    const approvals = watchApproval(changes);
    const { user, router } = renderApp('/invoices/inv_1/edit');

    await user.click(await screen.findByRole('button', { name: 'Approve' }));

    await waitFor(() => expect(router.state.location.search).toEqual({ view: 'all', open: 'inv_1' }));
    expect(approvals).toEqual([0]);
    expect(await screen.findByText('INV-1 is approved')).toBeVisible();
  });

  test('is saved and approved with one button, or saved only', async () => {
    const changes = watchEditing([], draft);
    const approvals = watchApproval(changes);
    const { user } = renderApp('/invoices/inv_1/edit');
    await user.type(await screen.findByRole('textbox', { name: 'Reference' }), ' 7');

    expect(screen.getByRole('button', { name: 'Save' })).toBeEnabled();
    await user.click(screen.getByRole('button', { name: 'Save and approve' }));

    await waitFor(() => expect(approvals).toEqual([1]));
    expect(changes).toHaveLength(1);
  });

  test('stays saved when it cannot be approved, and says why', async () => {
    const changes = watchEditing([], draft);
    watchApproval(changes, () => refusal(409, 'total_negative', 'Its total is negative'));
    const { user } = renderApp('/invoices/inv_1/edit');
    await user.type(await screen.findByRole('textbox', { name: 'Reference' }), ' 7');
    await user.click(screen.getByRole('button', { name: 'Save and approve' }));

    expect(await screen.findByText('Its total is negative')).toBeVisible();
    expect(await screen.findByRole('button', { name: 'Approve' })).toBeEnabled();
    expect(screen.queryByRole('button', { name: 'Save' })).toBeNull();
  });

  test('that is approved already has no such button', async () => {
    watchEditing();
    const { user } = renderApp('/invoices/inv_1/edit');
    await user.type(await screen.findByRole('textbox', { name: 'Reference' }), ' 7');

    expect(screen.getByRole('button', { name: 'Save' })).toBeEnabled();
    expect(screen.queryByRole('button', { name: /approve/i })).toBeNull();
  });
});
