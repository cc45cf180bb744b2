import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import type { InvoiceGroup } from '@/api/types';
import { contact, groups, run } from '@/testing/fixtures';
import { watchExports } from '@/testing/invoices';
import { renderApp } from '@/testing/render-app';
import { server } from '@/testing/server';
import { watchDay, watchSetUp } from '@/testing/set-up';

const group = (change: Partial<InvoiceGroup>): InvoiceGroup => ({
  kind: 'customer',
  group: 'ready',
  code: null,
  title: null,
  count: 1,
  totals: [{ currency: 'NZD', total: '115.00' }],
  approved_since: new Date(Date.now() - 6.5 * 86_400_000).toISOString(),
  ...change,
});

const CODES = { default_income_code: '200', default_expense_code: '310' };
const steps = async () => {
  await screen.findByRole('heading', { name: 'Set up Jobtally' });
  return within(screen.getByRole('region', { name: 'Set-up' }));
};

describe('Home of a new business', () => {
  test('says what is done, and opens the first step that is not', async () => {
    watchSetUp({ preferences: CODES, counts: { ready: 3 } });

    renderApp('/home');

    const card = await steps();
    expect(card.getByText('2 of 5 done')).toBeVisible();
    expect(card.getByText('Invoice items 200, order items 310')).toBeVisible();
    const now = within(card.getByText('Bring in your contacts').closest('li') as HTMLElement);
    expect(now.getByRole('link', { name: 'Import contacts' })).toHaveAttribute('href', '/contacts/import');
    expect(card.getByText('3 are approved and ready')).toBeVisible();
  });

  test('remembers for the whole business that an import is left for later and tracking skipped', async () => {
    const changed = watchSetUp({ preferences: CODES });
    const { user } = renderApp('/home');
    const card = await steps();

    await user.click(card.getByRole('button', { name: 'Not now' }));
    await card.findByText('Left for later');
    await user.click(card.getByRole('button', { name: 'Skip' }));

    expect(await card.findByText('4 of 5 done')).toBeVisible();
    expect(changed).toEqual([{ put_off: true }, { skip_tracking_setup: true }]);
  });

  test('is continued from the page of the connection: the contacts first, then what comes next', async () => {
    watchSetUp({});
    const { user } = renderApp('/settings/connections');
    await screen.findByRole('heading', { name: 'Bring in your contacts from Xero?' });

    await user.click(screen.getByRole('button', { name: 'Not now' }));

    const next = within(await screen.findByRole('region', { name: 'Set-up' }));
    expect(next.getByRole('heading', { name: 'Next: choose the default codes' })).toBeVisible();
    expect(next.getByRole('link', { name: 'Choose codes' })).toBeVisible();
    expect(next.getByRole('link', { name: 'Continue set-up (2 of 5 done)' })).toHaveAttribute(
      'href',
      '/home',
    );
    expect(screen.queryByText('Bring in your contacts from Xero?')).not.toBeInTheDocument();
  });

  test('is the daily one once the first invoice is in Xero', async () => {
    watchSetUp({
      offer: 'done',
      preferences: { ...CODES, skip_tracking_setup: true },
      counts: { exported: 1 },
    });

    renderApp('/home');

    expect(await screen.findByRole('heading', { name: 'Home' })).toBeVisible();
    expect(await screen.findByText('Nothing needs you.')).toBeVisible();
  });
});

describe('Home of every day', () => {
  test('says how much can go, and exports it with one button', async () => {
    watchDay({ groups, counts: { ready: 3 } });
    const started = watchExports();
    const { user } = renderApp('/home');

    expect(await screen.findByText('$345.00')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Export 3 invoices' }));

    await waitFor(() =>
      expect(started[0]?.selection).toEqual({
        mode: 'matching',
        filter: { kind: 'customer', view: 'ready' },
        except_ids: [],
        expected_count: 3,
      }),
    );
  });

  test('never adds up two currencies, and counts what waits for days with what is ready', async () => {
    const inBoth = [
      { currency: 'NZD', total: '100.00' },
      { currency: 'USD', total: '50.00' },
    ];
    watchDay({
      groups: [
        group({ count: 2, totals: inBoth }),
        group({ group: 'waiting', count: 1, totals: [{ currency: 'NZD', total: '1.50' }] }),
      ],
    });

    renderApp('/home');

    expect(await screen.findByText('$101.50')).toBeVisible();
    expect(screen.getByText('$50.00')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Export 3 invoices' })).toBeVisible();
    expect(screen.getByText(/approved customer invoice hasn’t been exported for days/)).toBeVisible();
    expect(screen.getByText('The first was approved 6 days ago.')).toBeVisible();
  });

  test('names what needs a person by its causes, and each row leads to where it is settled', async () => {
    watchDay({
      groups: [
        group({
          group: 'problem',
          code: 'cost_center_unmatched',
          title: 'A cost centre isn’t in Xero',
          count: 3,
        }),
        group({ group: 'problem', code: 'some_new_code', title: 'Something is odd', count: 2 }),
        group({ group: 'problem', code: 'contact_unsure', title: 'Not certain', count: 1 }),
        group({
          group: 'problem',
          code: 'due_date_missing',
          title: 'Add a due date',
          count: 1,
          kind: 'supplier',
        }),
        group({ group: 'remark', code: 'total_mismatch', title: 'Our total and Xero’s differ' }),
      ],
    });
    server.use(
      http.get('/api/v1/contacts/counts', ({ request }) => {
        const unsure = new URL(request.url).searchParams.get('sync_state') === 'unsure';
        return HttpResponse.json({ count: unsure ? 1 : 0, more: false });
      }),
      http.get('/api/v1/contacts', () => HttpResponse.json({ items: [contact], next_cursor: null })),
    );

    renderApp('/home');

    const needs = within(await screen.findByRole('region', { name: 'Needs you' }));
    const rows = needs.getAllByRole('link').map((row) => [row.textContent, row.getAttribute('href')]);
    expect(rows).toEqual([
      ['6 customer invoices need a fix', '/invoices?view=attention'],
      ['3 with a cost centre that isn’t in Xero', '/invoices?view=attention&problem=cost_center_unmatched'],
      ['2 × Something is odd', '/invoices?view=attention&problem=some_new_code'],
      ['1 with a contact that isn’t certain', '/invoices?view=attention&problem=contact_unsure'],
      ['1 supplier invoice needs a fix', '/bills?view=attention&problem=due_date_missing'],
      ['1 without a due date', '/bills?view=attention&problem=due_date_missing'],
      ['Who is Fenwick Builders in Xero?', '/contacts/con_1'],
      ['1 customer invoice arrived, but look', '/invoices?view=attention'],
    ]);
    expect(needs.getByText(/1 invoice waits for your answer/)).toBeVisible();
    expect(needs.getByText('$345.00')).toBeVisible();
  });

  test('names three causes in words that fit their number, and leads to all of them', async () => {
    const codes = ['looks_entered_already', 'lines_missing', 'period_locked', 'due_date_missing'];
    watchDay({
      groups: codes.map((code, place) => group({ group: 'problem', code, title: code, count: 4 - place })),
    });

    renderApp('/home');

    const needs = within(await screen.findByRole('region', { name: 'Needs you' }));
    await needs.findByRole('link', { name: '10 customer invoices need a fix' });
    expect(needs.getAllByRole('link').map(({ textContent }) => textContent)).toEqual([
      '10 customer invoices need a fix',
      '4 look entered in Xero already',
      '3 without lines',
      '2 dated in a locked period',
      'All 10',
    ]);
    expect(needs.getByRole('link', { name: 'All 10' })).toHaveAttribute('href', '/invoices?view=attention');
  });

  test('shows the last runs with their results in words', async () => {
    watchDay();
    server.use(
      http.get('/api/v1/exports', () =>
        HttpResponse.json({
          items: [{ ...run, state: 'done_with_errors', total: 5, exported: 3, rejected: 2, with_remarks: 1 }],
          next_cursor: null,
        }),
      ),
    );

    renderApp('/home');

    const runs = within(await screen.findByRole('region', { name: 'Last exports' }));
    expect(await runs.findByText('3 of 5')).toBeVisible();
    expect(runs.getByText('Mere Hohepa · 2 to fix, 1 to look at')).toBeVisible();
  });

  test('puts a lost connection first, with its button in place of the export', async () => {
    watchDay({ connection: { state: 'needs_reconnect' }, groups });

    renderApp('/home');

    expect(await screen.findByRole('heading', { name: 'Xero has signed us out' })).toBeVisible();
    expect(await screen.findByText('$345.00')).toBeVisible();
    expect(screen.getAllByRole('button', { name: 'Reconnect' })).toHaveLength(2);
    expect(screen.queryByRole('button', { name: 'Disconnect' })).not.toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /^Export/ })).not.toBeInTheDocument();
  });

  test('that cannot be loaded says so and tries again', async () => {
    watchDay({ groups });
    server.use(http.get('/api/v1/invoices/overview', () => HttpResponse.error(), { once: true }));
    const { user } = renderApp('/home');

    await user.click(await screen.findByRole('button', { name: 'Try again' }));

    expect(await screen.findByText('$345.00')).toBeVisible();
  });
});
