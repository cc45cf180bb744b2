import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import { counts, invoiceAt, problem, session } from '@/testing/fixtures';
import { watchExports, watchList } from '@/testing/invoices';
import { renderApp } from '@/testing/render-app';
import { server } from '@/testing/server';

const bar = () => within(screen.getByRole('region', { name: 'Ticked invoices' }));

/** A list that shows only the invoices whose number contains what was searched for. */
function searchableList(rows = [1, 2, 3].map((n) => invoiceAt(n))) {
  server.use(
    http.get('/api/v1/invoices', ({ request }) => {
      const q = new URL(request.url).searchParams.get('q') ?? '';
      return HttpResponse.json({ items: rows.filter((row) => row.number?.includes(q)), next_cursor: null });
    }),
  );
}

describe('ticking', () => {
  test('takes a whole range with the shift key, and says what it adds up to', async () => {
    watchList([1, 2, 3, 4].map((n) => invoiceAt(n, { total: '0.10' })));
    const { user } = renderApp('/invoices');
    await screen.findByText('INV-1');

    await user.click(screen.getByRole('checkbox', { name: 'Select INV-1' }));
    await user.keyboard('{Shift>}');
    await user.click(screen.getByRole('checkbox', { name: 'Select INV-3' }));
    await user.keyboard('{/Shift}');

    expect(bar().getByRole('status')).toHaveTextContent('3 ticked');
    expect(bar().getByText('$0.30')).toBeVisible();
  });

  test('of all that is shown leaves out what cannot be exported', async () => {
    watchList([invoiceAt(1), invoiceAt(2, { export_state: 'exported' }), invoiceAt(3)]);
    const { user } = renderApp('/invoices?view=all');

    await user.click(await screen.findByRole('checkbox', { name: 'Tick all shown' }));

    expect(bar().getByRole('status')).toHaveTextContent('2 ticked');
  });

  test('is not possible for what is in Xero, which says why', async () => {
    watchList([invoiceAt(1, { export_state: 'exported' }), invoiceAt(2)]);

    renderApp('/invoices?view=all');

    expect(
      await screen.findByRole('checkbox', { name: 'INV-1: This invoice is in Xero already' }),
    ).toBeDisabled();
    expect(screen.getByRole('checkbox', { name: 'Select INV-2' })).toBeEnabled();
  });
});

describe('the keys of the list', () => {
  test('move, tick and tick a range', async () => {
    watchList();
    const { user } = renderApp('/invoices');
    (await screen.findByRole('button', { name: 'INV-1' })).focus();

    await user.keyboard('jx{ArrowDown}{ArrowDown}{Shift>}X{/Shift}');

    const ticked = [1, 2, 3, 4].filter(
      (n) => screen.getByRole<HTMLInputElement>('checkbox', { name: `Select INV-${n}` }).checked,
    );
    expect(ticked).toEqual([2, 3, 4]);
  });

  test('do nothing to an invoice that cannot be ticked', async () => {
    watchList([invoiceAt(1, { export_state: 'exported' })]);
    const { user } = renderApp('/invoices?view=all');
    (await screen.findByRole('button', { name: 'INV-1' })).focus();

    await user.keyboard('x');

    expect(screen.queryByRole('region', { name: 'Ticked invoices' })).not.toBeInTheDocument();
  });

  test('leave one row for Tab: the one that was used last', async () => {
    watchList();
    const { user } = renderApp('/invoices');
    (await screen.findByRole('button', { name: 'INV-1' })).focus();

    await user.keyboard('jj');

    const stops = screen
      .getAllByRole('button', { name: /^INV-/ })
      .filter((button) => button.tabIndex === 0)
      .map((button) => button.textContent);
    expect(stops).toEqual(['INV-3']);
  });

  test('lead from the list to the bar of what is ticked', async () => {
    watchList();
    const { user } = renderApp('/invoices');
    (await screen.findByRole('button', { name: 'INV-2' })).focus();

    await user.keyboard('x{Tab}');

    expect(screen.getByRole('region', { name: 'Ticked invoices' })).toContainElement(
      document.activeElement as HTMLElement,
    );
  });

  test('are listed by a question mark', async () => {
    watchList();
    const { user } = renderApp('/invoices');
    (await screen.findByRole('button', { name: 'INV-1' })).focus();

    await user.keyboard('?');

    expect(await screen.findByRole('dialog', { name: 'Keys' })).toBeVisible();
  });
});

describe('what is ticked', () => {
  test('stays ticked when a search hides it, and the tray shows and unticks it', async () => {
    searchableList();
    const { user } = renderApp('/invoices?view=all');
    await user.click(await screen.findByRole('checkbox', { name: 'Select INV-1' }));
    await user.click(screen.getByRole('checkbox', { name: 'Select INV-3' }));

    await user.type(screen.getByRole('textbox', { name: 'Search invoices' }), 'INV-3');
    await user.click(await bar().findByRole('button', { name: '1 not in this list' }));

    expect(bar().getByRole('status')).toHaveTextContent('2 ticked');
    await user.click(bar().getByRole('button', { name: 'Untick INV-1' }));
    expect(bar().getByRole('status')).toHaveTextContent('1 ticked');
  });

  test('stays ticked in another view and after the page is loaded again', async () => {
    searchableList();
    const { user } = renderApp('/invoices');
    await user.click(await screen.findByRole('checkbox', { name: 'Select INV-1' }));
    await user.click(screen.getByRole('tab', { name: /All/ }));
    await waitFor(() => expect(screen.getByRole('checkbox', { name: 'Select INV-1' })).toBeChecked());

    cleanup();
    renderApp('/invoices?q=nowhere');

    expect(await screen.findByText('1 ticked')).toBeVisible();
    expect(screen.getByRole('button', { name: '1 not in this list' })).toBeVisible();
  });

  test('is not ticked any more once it has left for Xero', async () => {
    let state: 'not_exported' | 'sending' = 'not_exported';
    server.use(
      http.get('/api/v1/invoices', () =>
        HttpResponse.json({ items: [invoiceAt(1, { export_state: state })], next_cursor: null }),
      ),
    );
    const { user, client } = renderApp('/invoices?view=all');
    await user.click(await screen.findByRole('checkbox', { name: 'Select INV-1' }));
    state = 'sending';

    await client.invalidateQueries({ queryKey: ['invoices'] });

    await waitFor(() =>
      expect(screen.queryByRole('region', { name: 'Ticked invoices' })).not.toBeInTheDocument(),
    );
  });

  test('belongs to one business', async () => {
    searchableList();
    const other = { ...session.business, id: 'biz_2', name: 'Kauri Drains' };
    const businesses = [...session.businesses, { ...other, role: 'admin' as const }];
    server.use(
      http.get('/api/v1/session', () => HttpResponse.json({ ...session, businesses })),
      http.put('/api/v1/session/business', () =>
        HttpResponse.json({ ...session, businesses, business: other }),
      ),
    );
    const { user } = renderApp('/invoices');
    await user.click(await screen.findByRole('checkbox', { name: 'Select INV-1' }));

    await user.click(screen.getByRole('button', { name: 'Account of Mere Hohepa' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Kauri Drains' }));

    await waitFor(() =>
      expect(screen.queryByRole('region', { name: 'Ticked invoices' })).not.toBeInTheDocument(),
    );
    expect(Object.keys(sessionStorage)).toEqual([]);
  });

  test('is offered as what is ready and what needs a fix, each with its number', async () => {
    watchList([invoiceAt(1), invoiceAt(2), invoiceAt(3, { problems: [problem] })]);
    const started = watchExports();
    const { user } = renderApp('/invoices');

    await user.click(await screen.findByRole('checkbox', { name: 'Tick all shown' }));
    expect(bar().getByRole('button', { name: 'Fix 1 together' })).toBeVisible();
    await user.click(bar().getByRole('button', { name: 'Export 2 ready' }));

    await waitFor(() => expect(started[0]?.selection).toEqual({ mode: 'ids', ids: ['inv_1', 'inv_2'] }));
  });
});

describe('all that match', () => {
  const manyReady = () =>
    server.use(
      http.get('/api/v1/invoices/counts', () =>
        HttpResponse.json({ ...counts, customer: { ...counts.customer, ready: 1243 } }),
      ),
    );

  test('are counted under the search, and exported as what the search means', async () => {
    watchList();
    const started = watchExports();
    server.use(
      http.get('/api/v1/invoices/counts', ({ request }) =>
        HttpResponse.json({
          ...counts,
          customer: { ...counts.customer, ready: 1243 },
          count: new URL(request.url).searchParams.has('q') ? 300 : 14,
        }),
      ),
    );
    const { user } = renderApp('/invoices?q=rata');
    expect(await screen.findByText('300 of 1,243 match')).toBeVisible();

    await user.click(screen.getByRole('checkbox', { name: 'Tick all shown' }));
    await user.click(screen.getByRole('button', { name: 'Tick all 300 that match' }));
    await user.click(bar().getByRole('button', { name: 'Export 300 to Xero' }));

    await waitFor(() =>
      expect(started[0]?.selection).toMatchObject({
        mode: 'matching',
        filter: { kind: 'customer', view: 'ready', q: 'rata' },
        expected_count: 300,
      }),
    );
  });

  test('are not offered when there are more than can be counted', async () => {
    watchList();
    server.use(
      http.get('/api/v1/invoices/counts', () => HttpResponse.json({ ...counts, count: 10_000, more: true })),
    );
    const { user } = renderApp('/invoices?q=rata');

    await user.click(await screen.findByRole('checkbox', { name: 'Tick all shown' }));

    expect(screen.queryByRole('button', { name: /that match/ })).not.toBeInTheDocument();
  });

  test('ends with its filter, says so, and comes back with it', async () => {
    watchList();
    manyReady();
    const { user, router } = renderApp('/invoices');
    await user.click(await screen.findByRole('checkbox', { name: 'Tick all shown' }));
    await user.click(screen.getByRole('button', { name: 'Tick all 1,243 that match' }));
    expect(bar().getByRole('status')).toHaveTextContent('1,243 ticked');

    await user.click(screen.getByRole('tab', { name: /Drafts/ }));
    expect(await screen.findByText('All that matched were unticked')).toBeVisible();
    expect(screen.queryByRole('region', { name: 'Ticked invoices' })).not.toBeInTheDocument();

    await user.click(screen.getByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(bar().getByRole('status')).toHaveTextContent('1,243 ticked'));
    expect(router.state.location.search).not.toHaveProperty('view', 'draft');
  });
});
