import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import type { Export } from '@/api/types';
import { check, connection, counts, invoiceAt, itemAt, run } from '@/testing/fixtures';
import { watchExports, watchList } from '@/testing/invoices';
import { renderApp } from '@/testing/render-app';
import { refusal, server } from '@/testing/server';

describe('exporting', () => {
  test('starts at once when everything is ready, under one key however often it has to be tried', async () => {
    watchList();
    const started = watchExports([() => new HttpResponse(null, { status: 503 })]);
    const { user } = renderApp('/invoices');

    await user.click(await screen.findByRole('checkbox', { name: 'Select INV-1' }));
    await user.click(screen.getByRole('button', { name: /^Export \d.* to Xero$/ }));

    expect(await screen.findByText('Exporting 3 invoices')).toBeVisible();
    expect(started).toHaveLength(2);
    expect(started[0]?.selection).toEqual({ mode: 'ids', ids: ['inv_1'] });
    expect(started[0]?.hold).toBe(5);
    expect(started[1]?.key).toBe(started[0]?.key);
    expect(screen.queryByRole('region', { name: 'Ticked invoices' })).not.toBeInTheDocument();
  });

  test('asks first when something needs a fix, and then exports the others', async () => {
    watchList();
    const started = watchExports();
    const fix = { label: 'Match cost centres', href: '/settings/cost-centres' };
    const group = {
      code: 'cost_center_unmatched',
      title: 'A cost centre isn’t in Xero',
      fix,
      count: 1,
      totals: [],
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

  test('tries again what only an earlier refusal stands against, when that is asked for', async () => {
    watchList();
    const started = watchExports();
    server.use(
      http.post('/api/v1/export-checks', () =>
        HttpResponse.json({ ...check, ready: 0, ready_ids: [], needs_fix: 1, resendable_ids: ['inv_1'] }),
      ),
    );
    const { user } = renderApp('/invoices');
    await user.click(await screen.findByRole('checkbox', { name: 'Select INV-1' }));
    await user.click(screen.getByRole('button', { name: /^Export \d.* to Xero$/ }));
    const dialog = await screen.findByRole('dialog');
    expect(started).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Send 1 again' }));
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

  describe('that is stopped at once', () => {
    const stopped = (change: Partial<Export>) =>
      server.use(
        http.post('/api/v1/exports/exp_1/cancellation', () => {
          const now = { ...run, state: 'cancelled' as const, poll_after_ms: null, ...change };
          server.use(http.get('/api/v1/exports/exp_1', () => HttpResponse.json(now)));
          watchList();
          return HttpResponse.json(now);
        }),
      );

    async function startAndStop(address = '/invoices') {
      watchList();
      watchExports();
      const { user } = renderApp(address);
      await user.click(await screen.findByRole('checkbox', { name: 'Select INV-1' }));
      await user.click(screen.getByRole('checkbox', { name: 'Select INV-3' }));
      watchList([1, 2, 3, 4].map((n) => invoiceAt(n, n % 2 ? { export_state: 'queued' } : {})));
      await user.click(screen.getByRole('button', { name: 'Export 2 to Xero' }));
      await waitFor(() => expect(screen.queryByRole('region', { name: 'Ticked invoices' })).toBeNull());
      await user.click(await screen.findByRole('button', { name: 'Stop' }));
    }

    test('leaves ticked what was ticked before', async () => {
      stopped({ total: 2, exported: 0, waiting: 0, cancelled: 2 });

      await startAndStop('/invoices?view=all');

      expect(await screen.findByRole('button', { name: 'Export 2 to Xero' })).toBeVisible();
      expect(screen.getByRole('checkbox', { name: 'Select INV-1' })).toBeChecked();
      expect(screen.getByRole('checkbox', { name: 'Select INV-3' })).toBeChecked();
    });

    test('leaves ticked only what was not sent by then', async () => {
      stopped({ total: 2, exported: 1, waiting: 0, cancelled: 1 });
      server.use(
        http.get('/api/v1/exports/exp_1/items', ({ request }) => {
          const state = new URL(request.url).searchParams.get('state');
          return HttpResponse.json({
            items: state === 'cancelled' ? [itemAt(3, { state: 'cancelled' })] : [],
            next_cursor: null,
          });
        }),
      );

      await startAndStop();

      expect(await screen.findByRole('button', { name: 'Export 1 to Xero' })).toBeVisible();
      expect(screen.getByRole('checkbox', { name: 'Select INV-3' })).toBeChecked();
    });
  });

  test('that is refused says why and where to fix it, and keeps the ticks', async () => {
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
