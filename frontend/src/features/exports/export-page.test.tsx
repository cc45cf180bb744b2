import { screen, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import { itemAt, problem, run } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { server } from '@/testing/server';

const refusedItems = [1, 2].map((n) => itemAt(n, { state: 'rejected', problems: [problem] }));

function keepRun(change: Partial<typeof run>) {
  server.use(
    http.get('/api/v1/exports/exp_1', () => HttpResponse.json({ ...run, ...change })),
    http.get('/api/v1/exports/exp_1/items', ({ request }) => {
      const state = new URL(request.url).searchParams.get('state');
      const items = [...refusedItems, itemAt(3)].filter((item) => !state || item.state === state);
      return HttpResponse.json({ items, next_cursor: null });
    }),
  );
}

describe('a finished export', () => {
  const finished = { state: 'done_with_errors', exported: 1, rejected: 2, waiting: 0 } as const;

  test('says what is in Xero and tells a cause that many share once, with its cure', async () => {
    keepRun(finished);

    renderApp('/exports/exp_1');

    expect(await screen.findByText('1 of 3 invoices are in Xero. 2 need a fix.')).toBeVisible();
    const causes = within(await screen.findByRole('region', { name: 'What to fix' }));
    expect(causes.getAllByText('A cost centre isn’t in Xero')).toHaveLength(1);
    expect(causes.getByRole('link', { name: 'Match cost centres' })).toBeVisible();
  });

  test('says how many invoices need a look', async () => {
    keepRun({ state: 'done', exported: 3, rejected: 0, waiting: 0, with_remarks: 1 });
    renderApp('/exports/exp_1');

    expect(await screen.findByText('3 of 3 invoices are in Xero. 1 needs a look.')).toBeVisible();
  });

  test('sends what was refused again as a new export, and goes there', async () => {
    keepRun(finished);
    server.use(
      http.post('/api/v1/exports/exp_1/retries', () =>
        HttpResponse.json({ ...run, id: 'exp_2', total: 2 }, { status: 202 }),
      ),
      http.get('/api/v1/exports/exp_2', () => HttpResponse.json({ ...run, id: 'exp_2', total: 2 })),
      http.get('/api/v1/exports/exp_2/items', () => HttpResponse.json({ items: [], next_cursor: null })),
    );
    const { user, router } = renderApp('/exports/exp_1');

    await user.click(await screen.findByRole('button', { name: 'Export the 2 again' }));

    expect(await screen.findByText(/^2 invoices/)).toBeVisible();
    expect(router.state.location.pathname).toBe('/exports/exp_2');
  });

  test('shows only the refused ones at the address that names them', async () => {
    keepRun(finished);

    renderApp('/exports/exp_1?result=rejected');

    const results = within(await screen.findByRole('region', { name: 'Results' }));
    expect(await results.findByText('INV-1')).toBeVisible();
    expect(results.queryByText('INV-3')).not.toBeInTheDocument();
  });
});

describe('an export that waits', () => {
  test('for the connection says what to do, and that nothing is lost', async () => {
    keepRun({ state: 'waiting', waiting_for: 'connection' });

    renderApp('/exports/exp_1');

    expect(await screen.findByText(/Reconnect, and this export carries on where it stopped/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Stop after this batch' })).toBeVisible();
  });

  test('for Xero’s limit says when it goes on', async () => {
    keepRun({ state: 'waiting', waiting_for: 'rate', resume_at: '2026-11-22T20:42:00Z' });

    renderApp('/exports/exp_1');

    expect(await screen.findByText(/We carry on at 9:42 am/)).toBeVisible();
  });
});
