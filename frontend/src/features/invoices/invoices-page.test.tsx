import { screen, waitFor } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import { inFull, invoiceAt, problem } from '@/testing/fixtures';
import { watchList } from '@/testing/invoices';
import { renderApp } from '@/testing/render-app';
import { refusal, server } from '@/testing/server';

describe('the address of a list', () => {
  test('says what the list is narrowed by', async () => {
    const asked = watchList();

    renderApp('/invoices?view=attention&q=0012&from=2026-11-01&sort=-total');

    await screen.findByText('INV-1');
    expect(asked[0]).toEqual({
      kind: 'customer',
      view: 'attention',
      q: '0012',
      issued_from: '2026-11-01',
      sort: '-total',
      limit: '50',
    });
  });

  test('with words nobody knows any more still opens the list', async () => {
    const asked = watchList();

    renderApp('/bills?view=archived&from=yesterday&colour=red');

    await screen.findByText('INV-1');
    expect(asked[0]).toEqual({
      kind: 'supplier',
      view: 'ready',
      sort: '-issued_on',
      limit: '50',
    });
  });

  test('follows what is typed and the view that is chosen', async () => {
    const asked = watchList();
    const { user, router } = renderApp('/invoices');
    await screen.findByText('INV-1');

    await user.type(screen.getByRole('textbox', { name: 'Search invoices' }), 'rata');
    await user.click(screen.getByRole('tab', { name: /Drafts/ }));

    await waitFor(() => expect(asked.at(-1)).toMatchObject({ q: 'rata', view: 'draft' }));
    expect(router.state.location.search).toEqual({ q: 'rata', view: 'draft' });
  });

  test('names the cause that it is narrowed to, and the chip shows all causes again', async () => {
    const asked = watchList();
    const { user, router } = renderApp('/invoices?view=attention&problem=due_date_missing');
    await screen.findByText('INV-1');
    expect(asked[0]).toMatchObject({ view: 'attention', problem: 'due_date_missing' });

    const chip = screen.getByRole('button', { name: 'Without a due date: show all causes' });
    expect(chip).toHaveTextContent('Without a due date');
    await user.click(chip);

    await waitFor(() => expect(asked.at(-1)).not.toHaveProperty('problem'));
    expect(router.state.location.search).toEqual({ view: 'attention' });
  });

  test('says of an unknown cause in its address that it is one', async () => {
    watchList();
    const errors = [{ parameter: 'problem', code: 'unknown_problem', detail: 'No problem has this code.' }];
    server.use(
      ...['/api/v1/invoices', '/api/v1/invoices/counts'].map((path) =>
        http.get(path, () =>
          HttpResponse.json({ code: 'invalid', title: 'Invalid', errors }, { status: 422 }),
        ),
      ),
    );
    renderApp('/invoices?problem=nope');

    expect(await screen.findByText('There is no such cause')).toBeVisible();
    expect(screen.getByRole('button', { name: /show all causes/ })).toHaveTextContent('Cause: nope');
    expect(screen.queryByText('This list didn’t load')).toBeNull();
  });

  test('leaves its cause behind when another view is chosen', async () => {
    const asked = watchList();
    const { user } = renderApp('/invoices?view=attention&problem=due_date_missing');
    await screen.findByText('INV-1');

    await user.click(screen.getByRole('tab', { name: /Drafts/ }));

    await waitFor(() => expect(asked.at(-1)).toMatchObject({ view: 'draft' }));
    expect(asked.at(-1)).not.toHaveProperty('problem');
  });

  test.each([
    ['customer', '/invoices'],
    ['supplier', '/bills'],
  ] as const)('of one %s invoice leads to the list of its kind', async (kind, list) => {
    watchList();
    server.use(http.get('/api/v1/invoices/inv_1', () => HttpResponse.json(inFull(invoiceAt(1, { kind })))));
    const { router } = renderApp('/invoices/inv_1');

    await waitFor(() => expect(router.state.location.pathname).toBe(list));
    expect(router.state.location.search).toMatchObject({ view: 'all', open: 'inv_1' });
  });

  test('of an invoice that nobody knows still opens a list', async () => {
    watchList();
    server.use(http.get('/api/v1/invoices/inv_9', () => refusal(404, 'not_found', 'Nothing is here')));
    const { router } = renderApp('/invoices/inv_9');

    await waitFor(() => expect(router.state.location.search).toMatchObject({ open: 'inv_9' }));
  });

  test('opens the invoice it names', async () => {
    watchList();
    server.use(http.get('/api/v1/invoices/inv_2', () => HttpResponse.json(inFull(invoiceAt(2)))));

    renderApp('/invoices?open=inv_2');

    expect(await screen.findByRole('heading', { name: 'INV-2' })).toHaveFocus();
    expect(screen.getByText('2.5 × $40.00')).toBeVisible();
  });
});

describe('an invoice with problems', () => {
  const refused = {
    ...problem,
    code: 'invoice_number_taken',
    title: 'The number is already in Xero',
    detail: 'Change the number here.',
    source: 'xero' as const,
    xero_message: 'Invoice # must be unique.',
    fix: null,
  };
  const remark = { ...problem, code: 'total_mismatch', title: 'Our total and Xero’s differ', fix: null };
  const invoice = invoiceAt(1, { problems: [problem, refused], remarks: [remark] });

  test('shows the first of them in the list', async () => {
    watchList([invoice, invoiceAt(2, { remarks: [remark] }), invoiceAt(3)]);

    renderApp('/invoices');

    const rows = (await screen.findAllByRole('row')).slice(1);
    expect(rows[0]).toHaveTextContent('A cost centre isn’t in Xero');
    expect(rows[0]).not.toHaveTextContent('The number is already in Xero');
    expect(rows[1]).toHaveTextContent('Our total and Xero’s differ');
    expect(rows[2]).toHaveTextContent(/Ready$/);
  });
});
