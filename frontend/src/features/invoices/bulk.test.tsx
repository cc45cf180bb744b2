import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import { counts, inFull, invoiceAt } from '@/testing/fixtures';
import { resultOf, watchBulk, watchList } from '@/testing/invoices';
import { renderApp } from '@/testing/render-app';
import { refusal, server } from '@/testing/server';

const bar = () => within(screen.getByRole('region', { name: 'Ticked invoices' }));

const ids = (...numbers: number[]) => ({ selection: { mode: 'ids', ids: numbers.map((n) => `inv_${n}`) } });

describe('drafts', () => {
  test('are approved together, and then wait ticked for their export', async () => {
    watchList([1, 2].map((n) => invoiceAt(n, { status: 'draft' })));
    const asked = watchBulk('/api/v1/invoices/approvals');
    const { user } = renderApp('/invoices?view=draft');
    await user.click(await screen.findByRole('checkbox', { name: 'Tick all shown' }));
    watchList([]);

    await user.click(bar().getByRole('button', { name: 'Approve 2 drafts' }));

    expect(await screen.findByText('2 invoices approved')).toBeVisible();
    expect(asked).toEqual([ids(1, 2)]);
    expect(await bar().findByRole('button', { name: 'Export 2 to Xero' })).toBeVisible();
  });

  test('are never exported with the others', async () => {
    watchList([invoiceAt(1, { status: 'draft' }), invoiceAt(2)]);
    const { user } = renderApp('/invoices?view=all');

    await user.click(await screen.findByRole('checkbox', { name: 'Tick all shown' }));

    expect(bar().getByRole('button', { name: 'Approve 1 draft' })).toBeVisible();
    expect(bar().getByRole('button', { name: 'Export 1 ready' })).toBeVisible();
  });

  test('that cannot be approved are named with the reason, and stay drafts', async () => {
    watchList([1, 2].map((n) => invoiceAt(n, { status: 'draft' })));
    const errors = [
      { code: 'lines_missing', detail: 'Add at least one line before you approve it.', pointer: null },
    ];
    watchBulk('/api/v1/invoices/approvals', [resultOf(1), resultOf(2, { outcome: 'refused', errors })]);
    const { user } = renderApp('/invoices?view=draft');
    await user.click(await screen.findByRole('checkbox', { name: 'Tick all shown' }));
    watchList([invoiceAt(2, { status: 'draft' })]);

    await user.click(bar().getByRole('button', { name: 'Approve 2 drafts' }));

    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('1 invoice approved');
    expect(alert).toHaveTextContent('INV-2: Add at least one line before you approve it.');
    expect(await bar().findByRole('button', { name: 'Approve 1 draft' })).toBeVisible();
  });
});

describe('leaving out', () => {
  test('takes invoices out of exports, and Undo takes them in again', async () => {
    watchList();
    const asked = watchBulk('/api/v1/invoices/exclusions');
    const { user } = renderApp('/invoices');
    await user.click(await screen.findByRole('checkbox', { name: 'Select INV-1' }));
    await user.click(screen.getByRole('checkbox', { name: 'Select INV-2' }));

    await user.click(bar().getByRole('button', { name: 'Leave out 2' }));

    expect(await screen.findByText('2 invoices left out of exports')).toBeVisible();
    expect(asked).toEqual([{ ...ids(1, 2), excluded: true }]);
    await waitFor(() =>
      expect(screen.queryByRole('region', { name: 'Ticked invoices' })).not.toBeInTheDocument(),
    );
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(bar().getByRole('status')).toHaveTextContent('2 ticked'));
    expect(asked[1]).toEqual({ ...ids(1, 2), excluded: false });
  });

  test('says why when nothing could be left out, and keeps the ticks', async () => {
    watchList();
    const errors = [{ code: 'invoice_exported', detail: 'Void it in the ledger.', pointer: null }];
    watchBulk('/api/v1/invoices/exclusions', [resultOf(1, { outcome: 'refused', errors })]);
    const { user } = renderApp('/invoices');
    await user.click(await screen.findByRole('checkbox', { name: 'Select INV-1' }));

    await user.click(bar().getByRole('button', { name: 'Leave out 1' }));

    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('Nothing was changed');
    expect(alert).toHaveTextContent('INV-1: It is in Xero already.');
    expect(bar().getByRole('status')).toHaveTextContent('1 ticked');
  });

  test('of all that match names the filter, and Undo names the invoices', async () => {
    watchList();
    const asked = watchBulk('/api/v1/invoices/exclusions', [resultOf(1), resultOf(7)]);
    server.use(
      http.get('/api/v1/invoices/counts', () =>
        HttpResponse.json({ ...counts, customer: { ...counts.customer, ready: 1243 } }),
      ),
    );
    const { user } = renderApp('/invoices');
    await user.click(await screen.findByRole('checkbox', { name: 'Tick all shown' }));

    await user.click(screen.getByRole('button', { name: 'Tick all 1,243 that match' }));
    await user.click(bar().getByRole('button', { name: 'Leave out 1,243' }));

    expect(await screen.findByText('2 invoices left out of exports')).toBeVisible();
    expect(screen.queryByRole('region', { name: 'Ticked invoices' })).not.toBeInTheDocument();
    const filter = { kind: 'customer', view: 'ready' };
    const selection = { mode: 'matching', filter, except_ids: [], expected_count: 1243 };
    expect(asked[0]).toEqual({ selection, excluded: true });

    await user.click(screen.getByRole('button', { name: 'Undo' }));

    await waitFor(() => expect(asked[1]).toEqual({ ...ids(1, 7), excluded: false }));
    expect(await bar().findByRole('button', { name: 'Leave out 1,243' })).toBeVisible();
  });

  test('is ended where the invoice is shown', async () => {
    const invoice = inFull(invoiceAt(1, { export_state: 'excluded' }));
    watchList([invoice]);
    server.use(
      http.get('/api/v1/invoices/inv_1', () => HttpResponse.json(invoice, { headers: { ETag: '"1"' } })),
      http.delete('/api/v1/invoices/inv_1/exclusion', () => refusal(503, 'temporarily_unavailable', 'Busy')),
    );
    const { user } = renderApp('/invoices?view=all&open=inv_1');

    await user.click(await screen.findByRole('button', { name: 'Include in exports again' }));

    expect(await screen.findByRole('alert')).toHaveTextContent('Jobtally is busy');
  });
});
