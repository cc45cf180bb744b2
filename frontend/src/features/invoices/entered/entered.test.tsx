import { act, screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import { counts, inFull, invoiceAt, problem, session } from '@/testing/fixtures';
import { resultOf, watchBulk, watchList } from '@/testing/invoices';
import { renderApp } from '@/testing/render-app';
import { server } from '@/testing/server';
import type { LedgerDocument } from './documents';

const document = (change: Partial<LedgerDocument> = {}): LedgerDocument => ({
  number: 'OLD-7',
  issued_on: '2026-11-20',
  total: '120.00',
  currency: 'NZD',
  url: 'https://go.xero.com/old-7',
  ...change,
});

const asked = (n: number, ...documents: LedgerDocument[]) =>
  invoiceAt(n, {
    total: '120.00',
    problems: [
      {
        ...problem,
        code: 'looks_entered_already',
        title: 'It looks entered in Xero already',
        detail: 'Xero has an invoice that Jobtally didn’t send.',
        choices: [
          ...documents.map((one, index) => ({
            code: documents.length > 1 ? `same:${index}` : 'same',
            label: documents.length > 1 ? `It is ${one.number}` : 'It is the same',
            document: one,
          })),
          { code: 'different', label: 'It is another one', document: null },
        ],
      },
    ],
  });

const showCount = (count: number) =>
  server.use(
    http.get('/api/v1/invoices/counts', ({ request }) => {
      const isAsked = new URL(request.url).searchParams.get('problem') === 'looks_entered_already';
      return HttpResponse.json(isAsked ? { ...counts, count } : counts);
    }),
  );

const bar = () => within(screen.getByRole('region', { name: 'Ticked invoices' }));

describe('the page of what is in Xero already', () => {
  test('links what is certain together, and takes it back with Undo', async () => {
    const lists = watchList([
      asked(1, document()),
      asked(2, document({ total: '99.00' })),
      asked(3, document(), document({ number: 'OLD-8' })),
    ]);
    showCount(3);
    const answers = watchBulk('/api/v1/invoices/answers');
    const unlinked: string[] = [];
    server.use(
      http.delete('/api/v1/invoices/:id/link', ({ params }) => {
        unlinked.push(String(params.id));
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const { user } = renderApp('/invoices/entered-already');
    expect(await screen.findByText('2 documents look like it')).toBeVisible();
    expect(lists[0]).toMatchObject({ problem: 'looks_entered_already' });
    expect(screen.getByText('$99.00')).toHaveClass('entered-differs');
    expect(screen.getByRole('checkbox', { name: /INV-2/ })).toBeDisabled();

    await user.click(screen.getByRole('checkbox', { name: 'Tick all shown' }));
    await user.click(bar().getByRole('button', { name: /^Link 1/ }));

    expect(await screen.findByText('1 invoice linked. Nothing was sent.')).toBeVisible();
    expect(answers).toEqual([
      {
        selection: { mode: 'ids', ids: ['inv_1'] },
        problem_code: 'looks_entered_already',
        choice: 'same',
      },
    ]);
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(unlinked).toEqual(['inv_1']));
  });

  test('names what was not linked, with the reason', async () => {
    watchList([asked(1, document()), asked(2, document())]);
    showCount(2);
    const errors = [
      { code: 'several_alike', detail: 'Several invoices look like its document.', pointer: null },
    ];
    watchBulk('/api/v1/invoices/answers', [resultOf(1), resultOf(2, { outcome: 'refused', errors })]);
    const { user } = renderApp('/invoices/entered-already');
    await user.click(await screen.findByRole('checkbox', { name: 'Tick all shown' }));

    await user.click(bar().getByRole('button', { name: /^Link 2/ }));

    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('INV-2: Several invoices look like its document.');
  });
});

describe('what leads there', () => {
  test('is a line over the list, and an offer after connecting', async () => {
    showCount(412);
    const { router } = renderApp('/invoices');
    expect(await screen.findByText(/412 look entered in Xero already/)).toBeVisible();
    await act(() => router.navigate({ to: '/settings/connections' }));
    expect(await screen.findByRole('link', { name: 'Match these 412' })).toHaveAttribute(
      'href',
      '/invoices/entered-already',
    );
  });
});

describe('one invoice', () => {
  test('is compared side by side, and a member answers', async () => {
    const invoice = asked(1, document(), document({ number: 'OLD-8', url: 'https://go.xero.com/old-8' }));
    const answers: unknown[] = [];
    watchList([invoice]);
    server.use(
      http.get('/api/v1/session', () => HttpResponse.json({ ...session, role: 'member' })),
      http.get('/api/v1/invoices/inv_1', () => HttpResponse.json(inFull(invoice))),
      http.put('/api/v1/invoices/inv_1/answers/looks_entered_already', async ({ request }) => {
        answers.push(await request.json());
        return HttpResponse.json(inFull(invoice));
      }),
    );
    const { user } = renderApp('/invoices?view=attention&open=inv_1');
    const table = within(await screen.findByRole('note')).getByRole('table');
    expect(within(table).getAllByRole('link', { name: 'In Xero' })[0]).toHaveAttribute(
      'href',
      document().url,
    );

    await user.click(screen.getByRole('button', { name: 'It is OLD-8' }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByText(/Nothing is sent/)).toBeVisible();
    await user.click(dialog.getByRole('button', { name: 'It is OLD-8' }));

    await waitFor(() => expect(answers).toEqual([{ choice: 'same:1' }]));
  });

  test('that is called another one is asked about again with Undo', async () => {
    const answered: string[] = [];
    const now = () => (answered.at(-1) === 'different' ? invoiceAt(1) : asked(1, document()));
    const path = '/api/v1/invoices/inv_1/answers/looks_entered_already';
    watchList([asked(1, document())]);
    server.use(
      http.get('/api/v1/invoices/inv_1', () => HttpResponse.json(inFull(now()))),
      http.put(path, () => {
        answered.push('different');
        return HttpResponse.json(inFull(now()));
      }),
      http.delete(path, () => {
        answered.push('undecided');
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const { user } = renderApp('/invoices?view=attention&open=inv_1');
    await user.click(await screen.findByRole('button', { name: 'It is another one' }));
    const dialog = within(await screen.findByRole('dialog'));
    await user.click(dialog.getByRole('button', { name: 'It is another one' }));
    await waitFor(() => expect(screen.queryByRole('note')).toBeNull());

    await user.click(await screen.findByRole('button', { name: 'Undo' }));

    expect(await screen.findByRole('note')).toBeVisible();
    expect(answered).toEqual(['different', 'undecided']);
  });

  test('that a person has linked says so and can be unlinked', async () => {
    const linked = invoiceAt(1, { export_state: 'exported' });
    const calls: string[] = [];
    watchList([linked]);
    server.use(
      http.get('/api/v1/invoices/inv_1', () => HttpResponse.json(inFull(linked))),
      http.get('/api/v1/invoices/inv_1/link', () =>
        HttpResponse.json({
          xero_invoice_id: '0c3d9a7e-41c6-4b8d-8e2f-4a6c8e0b1d2f',
          made_by: 'person',
          made_at: '2026-11-24T20:40:00Z',
          document: document(),
        }),
      ),
      http.delete('/api/v1/invoices/inv_1/link', () => {
        calls.push('unlink');
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const { user } = renderApp('/invoices?view=exported&open=inv_1');

    expect(await screen.findByText('Linked, not sent')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Unlink' }));

    await waitFor(() => expect(calls).toEqual(['unlink']));
  });
});
