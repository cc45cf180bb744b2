import { screen, waitFor } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import type { Invoice } from '@/api/types';
import { checkOf, noDueDate, openCheck, unknownCode, withCodes, world } from '@/testing/checks';
import { inFull, invoiceAt } from '@/testing/fixtures';
import { resultOf, watchBulk, watchList } from '@/testing/invoices';
import { renderApp } from '@/testing/render-app';
import { server } from '@/testing/server';

type Patch = { id: unknown; version: string | null; body: unknown };

const codeOf = (line: Invoice['lines'][number]) => line.accounting_code;

/** Remembers each change of one invoice; its answer has the version "2". */
function watchPatches(
  answer: (id: string) => Partial<Invoice & { approval_withdrawn: boolean }> = () => ({}),
) {
  const patched: Patch[] = [];
  server.use(
    http.patch('/api/v1/invoices/:id', async ({ request, params }) => {
      patched.push({
        id: params.id,
        version: request.headers.get('If-Match'),
        body: await request.json(),
      });
      return HttpResponse.json(
        { ...inFull(invoiceAt(1)), approval_withdrawn: false, ...answer(String(params.id)) },
        { headers: { ETag: '"2"' } },
      );
    }),
  );
  return patched;
}

describe('Undo in the check', () => {
  test('takes back the due date of all its invoices, and they are checked again', async () => {
    const before = checkOf([1, 2].map((n) => ({ n, problems: [noDueDate] })));
    const after = { ...before, ready: 3, needs_fix: 0, groups: [], invoices: [] };
    const checked = world([before, after, before]);
    const asked = watchBulk('/api/v1/invoices/changes');
    const { user, dialog } = await openCheck();
    await waitFor(() => expect(dialog.getByRole('textbox', { name: 'Due date' })).toHaveValue('20 Dec 2026'));
    await user.click(dialog.getByRole('button', { name: 'Set for 2' }));
    await dialog.findByText('3 ready');

    await user.click(dialog.getByRole('button', { name: 'Undo' }));

    expect(await dialog.findByText('Undone: Due date set for 2 invoices')).toBeVisible();
    expect(asked[1]).toEqual({ selection: { mode: 'ids', ids: ['inv_1', 'inv_2'] }, set: { due_on: null } });
    expect(await dialog.findByText('Add a due date')).toBeVisible();
    expect(checked).toHaveLength(3);
    expect(dialog.queryByRole('button', { name: 'Undo' })).not.toBeInTheDocument();
  });

  test('puts back the codes of exactly the lines that were changed, and approves again', async () => {
    const invoice = withCodes(1, '200', '229', '229');
    world([checkOf([{ n: 1, problems: [unknownCode(1, '229'), unknownCode(2, '229')] }])], [invoice]);
    watchBulk('/api/v1/invoices/changes', [resultOf(1, { approval_withdrawn: true })]);
    const approved = watchBulk('/api/v1/invoices/approvals');
    const patched = watchPatches();
    const { user, dialog } = await openCheck();
    await waitFor(() =>
      expect(dialog.getByRole('combobox', { name: 'Accounting code' })).toHaveValue('200 Sales'),
    );
    await user.click(dialog.getByRole('button', { name: 'Set for 1' }));
    await dialog.findByText('Code set for 1 invoice');
    // Somebody gave the last line another code meanwhile.
    server.use(
      http.get('/api/v1/invoices/inv_1', () =>
        HttpResponse.json(withCodes(1, '200', '200', '260'), { headers: { ETag: '"7"' } }),
      ),
    );

    await user.click(dialog.getByRole('button', { name: 'Undo' }));

    await dialog.findByText('Undone: Code set for 1 invoice');
    const put = patched.map(({ version, body }) => [version, (body as Invoice).lines.map(codeOf)]);
    expect(put).toEqual([['"7"', ['200', '229', '260']]]);
    expect(approved.map(({ selection }) => selection.ids)).toEqual([['inv_1']]);
  });
});

test('Undo in the toast takes back what was set for one invoice, under the version that it made', async () => {
  const invoice = inFull(invoiceAt(1, { due_on: null, problems: [noDueDate] }));
  watchList([invoice]);
  server.use(
    http.get('/api/v1/invoices/inv_1', () => HttpResponse.json(invoice, { headers: { ETag: '"1"' } })),
  );
  const patched = watchPatches();
  const { user } = renderApp('/invoices?view=attention&open=inv_1');
  await user.click(await screen.findByRole('button', { name: 'Set due date' }));
  expect(await screen.findByText('Due date set for INV-1')).toBeVisible();

  await user.click(screen.getByRole('button', { name: 'Undo' }));

  await waitFor(() =>
    expect(patched.map(({ version, body }) => [version, body])).toEqual([
      ['"1"', { due_on: '2026-12-20' }],
      ['"2"', { due_on: null }],
    ]),
  );
});
