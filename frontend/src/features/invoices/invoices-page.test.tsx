import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import { check, connection, counts, inFull, invoiceAt, problem, run } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { refusal, server } from '@/testing/server';

/** Remembers every query the list was asked with. */
function watchList(rows = [1, 2, 3, 4].map((n) => invoiceAt(n))) {
  const asked: Record<string, string>[] = [];
  server.use(
    http.get('/api/v1/invoices', ({ request }) => {
      asked.push(Object.fromEntries(new URL(request.url).searchParams));
      return HttpResponse.json({ items: rows, next_cursor: null });
    }),
  );
  return asked;
}

/** Remembers every export that was started, with its key. */
function watchExports(answers: (() => Response)[] = []) {
  const started: { selection: unknown; key: string | null }[] = [];
  server.use(
    http.post('/api/v1/export-checks', () => HttpResponse.json(check)),
    http.post('/api/v1/exports', async ({ request }) => {
      const { selection } = (await request.json()) as { selection: unknown };
      started.push({ selection, key: request.headers.get('Idempotency-Key') });
      return answers.shift()?.() ?? HttpResponse.json(run, { status: 202 });
    }),
    http.get('/api/v1/exports/exp_1', () => HttpResponse.json(run)),
  );
  return started;
}

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

  test('opens the invoice it names', async () => {
    watchList();
    server.use(http.get('/api/v1/invoices/inv_2', () => HttpResponse.json(inFull(invoiceAt(2)))));

    renderApp('/invoices?open=inv_2');

    expect(await screen.findByRole('heading', { name: 'INV-2' })).toHaveFocus();
    expect(screen.getByText('2.5 × $40.00')).toBeVisible();
  });
});

describe('ticking', () => {
  test('takes a whole range with the shift key, and says what it adds up to', async () => {
    watchList([1, 2, 3, 4].map((n) => invoiceAt(n, { total: '0.10' })));
    const { user } = renderApp('/invoices');
    await screen.findByText('INV-1');

    await user.click(screen.getByRole('checkbox', { name: 'Select INV-1' }));
    await user.keyboard('{Shift>}');
    await user.click(screen.getByRole('checkbox', { name: 'Select INV-3' }));
    await user.keyboard('{/Shift}');

    const bar = screen.getByRole('region', { name: 'Ticked invoices' });
    expect(within(bar).getByText('3 ticked')).toBeVisible();
    expect(within(bar).getByText('$0.30')).toBeVisible();
  });

  test('is not possible for a draft, which says why', async () => {
    watchList([invoiceAt(1, { status: 'draft' }), invoiceAt(2)]);

    renderApp('/invoices?view=all');

    expect(await screen.findByRole('checkbox', { name: 'INV-1: Approve this invoice first' })).toBeDisabled();
    expect(screen.getByRole('checkbox', { name: 'Select INV-2' })).toBeEnabled();
  });

  test('works by keyboard inside the table', async () => {
    watchList();
    const { user } = renderApp('/invoices');
    (await screen.findByRole('button', { name: 'INV-1' })).focus();

    await user.keyboard('jx');

    expect(screen.getByRole('checkbox', { name: 'Select INV-2' })).toBeChecked();
    expect(screen.getByRole('checkbox', { name: 'Select INV-1' })).not.toBeChecked();
  });
});

describe('sending', () => {
  test('starts at once when everything is ready, under one key however often it has to be tried', async () => {
    watchList();
    const started = watchExports([() => new HttpResponse(null, { status: 503 })]);
    const { user } = renderApp('/invoices');

    await user.click(await screen.findByRole('checkbox', { name: 'Select INV-1' }));
    await user.click(screen.getByRole('button', { name: /^Export \d.* to Xero$/ }));

    expect(await screen.findByText('Exporting 3 invoices')).toBeVisible();
    expect(started).toHaveLength(2);
    expect(started[0]?.selection).toEqual({ mode: 'ids', ids: ['inv_1'] });
    expect(started[1]?.key).toBe(started[0]?.key);
    expect(screen.queryByRole('region', { name: 'Ticked invoices' })).not.toBeInTheDocument();
  });

  test('asks first when something needs a fix, and then sends the others', async () => {
    watchList();
    const started = watchExports();
    const fix = { label: 'Match cost centres', href: '/settings/cost-centres' };
    const group = {
      code: 'cost_center_unmatched',
      title: 'A cost centre isn’t in Xero',
      fix,
      count: 1,
      invoice_ids: ['inv_2'],
    };
    server.use(
      http.post('/api/v1/export-checks', () =>
        HttpResponse.json({ ...check, ready: 1, needs_fix: 1, ready_ids: ['inv_1'], groups: [group] }),
      ),
    );
    const { user } = renderApp('/invoices');
    await user.click(await screen.findByRole('checkbox', { name: 'Select INV-1' }));
    await user.click(screen.getByRole('checkbox', { name: 'Select INV-2' }));
    await user.click(screen.getByRole('button', { name: /^Export \d.* to Xero$/ }));

    const dialog = await screen.findByRole('dialog', { name: 'Export 2 invoices to Kauri Plumbing Ltd?' });
    expect(within(dialog).getByRole('link', { name: 'Match cost centres' })).toHaveAttribute(
      'href',
      fix.href,
    );
    expect(started).toEqual([]);

    await user.click(within(dialog).getByRole('button', { name: 'Export the 1 ready' }));
    await waitFor(() => expect(started[0]?.selection).toEqual({ mode: 'ids', ids: ['inv_1'] }));
  });

  test('of all that match names the filter, the exceptions and how many were meant', async () => {
    watchList();
    const started = watchExports();
    server.use(
      http.get('/api/v1/invoices/counts', () =>
        HttpResponse.json({ ...counts, customer: { ...counts.customer, ready: 1243 } }),
      ),
    );
    const { user } = renderApp('/invoices');
    await screen.findByText('INV-1');

    await user.click(screen.getByRole('checkbox', { name: 'Tick all shown' }));
    await user.click(screen.getByRole('button', { name: 'Tick all 1,243 that match' }));
    await user.click(screen.getByRole('checkbox', { name: 'Select INV-4' }));
    await user.click(screen.getByRole('button', { name: /^Export \d.* to Xero$/ }));

    await waitFor(() =>
      expect(started[0]?.selection).toEqual({
        mode: 'matching',
        filter: { kind: 'customer', view: 'ready' },
        except_ids: ['inv_4'],
        expected_count: 1242,
      }),
    );
  });

  test('that is refused says why and where to mend it, and keeps the ticks', async () => {
    watchList();
    const fix = { label: 'Choose codes', href: '/settings/accounting#default-codes' };
    server.use(
      http.post('/api/v1/export-checks', () =>
        refusal(409, 'default_codes_unset', 'Choose your default codes first', [], { fix }),
      ),
    );
    const { user } = renderApp('/invoices');
    await user.click(await screen.findByRole('checkbox', { name: 'Select INV-1' }));
    await user.click(screen.getByRole('button', { name: /^Export \d.* to Xero$/ }));

    const dialog = await screen.findByRole('dialog', { name: 'Nothing was exported' });
    expect(within(dialog).getByRole('link', { name: 'Choose codes' })).toHaveAttribute('href', fix.href);
    expect(screen.getByText('1 ticked')).toBeInTheDocument();
  });

  test('waits for the connection when Xero has signed us out', async () => {
    watchList();
    server.use(
      http.get('/api/v1/connections/xero', () =>
        HttpResponse.json({ ...connection, state: 'needs_reconnect' }),
      ),
    );
    const { user } = renderApp('/invoices');

    await user.click(await screen.findByRole('checkbox', { name: 'Select INV-1' }));

    expect(screen.getByRole('link', { name: 'Reconnect to export' })).toBeVisible();
    expect(screen.queryByRole('button', { name: /^Export \d.* to Xero$/ })).not.toBeInTheDocument();
    expect(screen.getByRole('alert')).toHaveTextContent(
      'Xero has signed us out. Nothing is lost; exports wait.',
    );
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

  test('shows all of them in the panel, with Xero’s message and the fix', async () => {
    watchList([invoice]);
    server.use(http.get('/api/v1/invoices/inv_1', () => HttpResponse.json(inFull(invoice))));

    renderApp('/invoices?open=inv_1');

    const panel = within(await screen.findByRole('complementary', { name: /INV-1/ }));
    const notes = await panel.findAllByRole('note');
    expect(notes).toHaveLength(3);
    expect(notes[0]).toHaveTextContent('A cost centre isn’t in Xero');
    expect(notes[1]).toHaveTextContent('Xero says: “Invoice # must be unique.”');
    expect(notes[2]).toHaveTextContent('Our total and Xero’s differ');
  });
});

describe('the panel', () => {
  test('approves a draft', async () => {
    const draft = invoiceAt(1, { status: 'draft' });
    watchList([draft]);
    let approved = false;
    server.use(
      http.get('/api/v1/invoices/inv_1', () => HttpResponse.json(inFull(approved ? invoiceAt(1) : draft))),
      http.put('/api/v1/invoices/inv_1/approval', () => {
        approved = true;
        return HttpResponse.json(inFull(invoiceAt(1)));
      }),
    );
    const { user } = renderApp('/invoices?view=draft&open=inv_1');

    await user.click(await screen.findByRole('button', { name: 'Approve' }));

    expect(await screen.findByRole('button', { name: 'Withdraw approval' })).toBeVisible();
  });

  test('gives the focus back to its row when it is closed', async () => {
    watchList();
    server.use(http.get('/api/v1/invoices/inv_2', () => HttpResponse.json(inFull(invoiceAt(2)))));
    const { user } = renderApp('/invoices');
    await user.click(await screen.findByRole('button', { name: 'INV-2' }));
    await screen.findByRole('heading', { name: 'INV-2' });

    await user.keyboard('{Escape}');

    await waitFor(() => expect(screen.getByRole('button', { name: 'INV-2' })).toHaveFocus());
    expect(screen.queryByRole('heading', { name: 'INV-2' })).not.toBeInTheDocument();
  });
});
