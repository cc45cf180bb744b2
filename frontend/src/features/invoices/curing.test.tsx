import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import type { TaxRate } from '@/api/types';
import { checkOf, noDueDate, of, openCheck, unknownCode, withCodes, world } from '@/testing/checks';
import { costCenter, inFull, invoiceAt, problem } from '@/testing/fixtures';
import { resultOf, watchBulk } from '@/testing/invoices';
import { refusal, server } from '@/testing/server';

const rateAt = (type: string, kind: 'income' | 'expense'): TaxRate => ({
  id: `txr_${type}`,
  tax_type: type,
  name: `15% ${type}`,
  rate: '15.0000',
  for_income: kind === 'income',
  for_expense: kind === 'expense',
  for_asset: true,
  for_liability: true,
  for_equity: true,
  active: true,
});

const showRates = (...items: TaxRate[]) =>
  server.use(http.get('/api/v1/tax-rates', () => HttpResponse.json({ items, next_cursor: null })));

/** A customer invoice whose line has this code and this tax rate. */
const withTax = (code: string, type: string) => {
  const invoice = withCodes(1, code);
  return { ...invoice, lines: invoice.lines.map((line) => ({ ...line, tax_type: type })) };
};

describe('a cause in the check', () => {
  test('is fixed for all its invoices at once; then they are ready and the row is gone', async () => {
    const before = checkOf([1, 2].map((n) => ({ n, problems: [noDueDate] })));
    const after = { ...before, ready: 3, needs_fix: 0, groups: [], invoices: [] };
    const checked = world([before, after]);
    const asked = watchBulk('/api/v1/invoices/changes');
    const { user, dialog } = await openCheck();
    await waitFor(() => expect(dialog.getByRole('textbox', { name: 'Due date' })).toHaveValue('20 Dec 2026'));

    await user.click(dialog.getByRole('button', { name: 'Set for 2' }));

    expect(await dialog.findByText('Due date set for 2 invoices')).toBeVisible();
    expect(asked).toEqual([
      { selection: { mode: 'ids', ids: ['inv_1', 'inv_2'] }, set: { due_on: '2026-12-20' } },
    ]);
    await waitFor(() => expect(dialog.queryByText('Add a due date')).not.toBeInTheDocument());
    expect(dialog.getByRole('button', { name: 'Export 3' })).toBeVisible();
    const ready = dialog.getByText('3 ready');
    expect(ready.closest('[aria-live]')).toHaveAttribute('aria-live', 'polite');
    expect(checked[1]).toEqual({ mode: 'ids', ids: ['inv_9', 'inv_1', 'inv_2'] });
  });

  test('says how many invoices it stops and what they come to, and the head what all of them come to', async () => {
    world([
      checkOf([
        { n: 1, problems: [noDueDate] },
        { n: 2, problems: [noDueDate, unknownCode(0, '229')] },
      ]),
    ]);
    const { dialog } = await openCheck();

    const sums = dialog.getAllByRole('note').map((row) => row.querySelector('.cause-sum')?.textContent);
    expect(sums).toEqual(['$230.00 2 invoices', '$115.00 1 invoice']);
    const figures = dialog.getByText('2 need a fix').closest('.check-figures');
    expect(figures).toHaveTextContent('$115.00 1 ready$230.00 2 need a fix');
  });

  test('changes only the lines that have the wrong code, and leaves good lines alone', async () => {
    world(
      [checkOf([1, 2].map((n) => ({ n, problems: [unknownCode(1, '229')] })))],
      [withCodes(1, '200', '229'), withCodes(2, '200', '229')],
    );
    const asked = watchBulk('/api/v1/invoices/changes');
    const { user, dialog } = await openCheck();
    expect(dialog.getByText('229 isn’t in Xero.')).toBeVisible();
    await waitFor(() =>
      expect(dialog.getByRole('combobox', { name: 'Accounting code' })).toHaveValue('200 Sales'),
    );

    await user.click(dialog.getByRole('button', { name: 'Set for 2' }));

    await waitFor(() =>
      expect(asked).toEqual([
        {
          selection: { mode: 'ids', ids: ['inv_1', 'inv_2'] },
          set: { accounting_code: '200' },
          only_lines_with: { accounting_code: '229' },
        },
      ]),
    );
  });

  test('with two wrong codes is two rows, each with a value of its own', async () => {
    world(
      [
        checkOf([
          { n: 1, problems: [unknownCode(0, '229')] },
          { n: 2, problems: [unknownCode(0, '231')] },
        ]),
      ],
      [withCodes(1, '229'), withCodes(2, '231')],
    );
    const { dialog } = await openCheck();

    expect(dialog.getByText('229 isn’t in Xero.')).toBeVisible();
    expect(dialog.getByText('231 isn’t in Xero.')).toBeVisible();
    expect(dialog.getAllByRole('button', { name: 'Set for 1' })).toHaveLength(2);
  });

  test('of a default code sets it on the lines without one, beside those that name it', async () => {
    world(
      [checkOf([1, 2].map((n) => ({ n, problems: [unknownCode(0, '229')] })))],
      [withCodes(1, null), withCodes(2, '229')],
    );
    const asked = watchBulk('/api/v1/invoices/changes');
    const { user, dialog } = await openCheck();
    await user.click(dialog.getByRole('combobox', { name: 'Accounting code' }));
    await user.click(await screen.findByRole('option', { name: '200 Sales' }));

    await user.click(dialog.getByRole('button', { name: 'Set for 2' }));

    await waitFor(() =>
      expect(asked.map(({ selection, only_lines_with }) => [selection.ids, only_lines_with])).toEqual([
        [['inv_1'], { accounting_code: null }],
        [['inv_2'], { accounting_code: '229' }],
      ]),
    );
  });

  test('of a tax rate that does not fit is about lines with that rate and that code', async () => {
    const misfit = of(
      'tax_code_mismatch',
      'A tax rate doesn’t fit its account',
      'Line 1: 15% GST on Expenses cannot be used with 200 Sales.',
      '#/lines/0/tax_type',
    );
    const invoice = withCodes(1, '200', '310');
    world(
      [checkOf([{ n: 1, problems: [misfit] }])],
      [{ ...invoice, lines: invoice.lines.map((line) => ({ ...line, tax_type: 'INPUT2' })) }],
    );
    showRates(rateAt('OUTPUT2', 'income'), rateAt('INPUT2', 'expense'));
    const asked = watchBulk('/api/v1/invoices/changes', [resultOf(1, { approval_withdrawn: true })]);
    const { user, dialog } = await openCheck();
    await user.click(dialog.getByRole('combobox', { name: 'Tax' }));
    const fitting = await screen.findAllByRole('option');
    expect(fitting.map((option) => option.textContent)).toEqual(['15% OUTPUT2']);
    await user.click(fitting[0] as HTMLElement);

    await user.click(dialog.getByRole('button', { name: 'Set for 1' }));

    await waitFor(() =>
      expect(asked[0]?.only_lines_with).toEqual({ tax_type: 'INPUT2', accounting_code: '200' }),
    );
    expect(await dialog.findByText(/1 is a draft again, because the total changed/)).toBeVisible();
  });

  test('of a tax rate offers what fits the account of the line, whatever the invoice is, and not the refused rate', async () => {
    const misfit = of(
      'tax_code_mismatch',
      'A tax rate doesn’t fit',
      'Line 1: it cannot.',
      '#/lines/0/tax_type',
    );
    world([checkOf([{ n: 1, problems: [misfit] }])], [withTax('310', 'BOTH')]);
    showRates(
      rateAt('OUTPUT2', 'income'),
      rateAt('INPUT2', 'expense'),
      { ...rateAt('BOTH', 'income'), for_expense: true },
      { ...rateAt('OLD', 'expense'), active: false },
    );
    const { user, dialog } = await openCheck();
    await user.click(dialog.getByRole('combobox', { name: 'Tax' }));

    const fitting = await screen.findAllByRole('option');
    expect(fitting.map((option) => option.textContent)).toEqual(['15% INPUT2']);
  });

  test('of a tax rate where no other fits offers another code in place of a rate', async () => {
    const misfit = of(
      'tax_code_mismatch',
      'A tax rate doesn’t fit',
      'Line 1: it cannot.',
      '#/lines/0/tax_type',
    );
    world([checkOf([{ n: 1, problems: [misfit] }])], [withTax('310', 'INPUT2')]);
    showRates(rateAt('OUTPUT2', 'income'), rateAt('INPUT2', 'expense'));
    const { dialog } = await openCheck();

    expect(await dialog.findByRole('link', { name: 'Choose another code' })).toHaveAttribute(
      'href',
      '/invoices/inv_1/edit',
    );
    expect(dialog.queryByRole('combobox', { name: 'Tax' })).not.toBeInTheDocument();
  });

  test('of a cost centre proposes the one that is spelled alike', async () => {
    const alike = {
      ...costCenter,
      id: 'cos_2',
      name: 'Northshore',
      option_name: null,
      match: 'missing' as const,
    };
    server.use(
      http.get('/api/v1/cost-centers', () =>
        HttpResponse.json({ items: [costCenter, alike], next_cursor: null }),
      ),
    );
    const invoice = inFull(invoiceAt(1));
    const unmatched = of(
      'cost_center_unmatched',
      problem.title,
      'Line 1: “Northshore” isn’t in Region.',
      '#/lines/0/cost_center_id',
    );
    world(
      [checkOf([{ n: 1, problems: [unmatched] }])],
      [{ ...invoice, lines: invoice.lines.map((line) => ({ ...line, cost_center_id: 'cos_2' })) }],
    );
    const asked = watchBulk('/api/v1/invoices/changes');
    const { user, dialog } = await openCheck();
    expect(await dialog.findByText('Did you mean')).toBeVisible();

    await user.click(dialog.getByRole('button', { name: 'Set for 1' }));

    await waitFor(() =>
      expect(asked[0]).toMatchObject({
        set: { cost_center_id: 'cos_1' },
        only_lines_with: { cost_center_id: 'cos_2' },
      }),
    );
  });

  test('says how many of its invoices have another cause as well', async () => {
    const both = { n: 1, problems: [noDueDate, unknownCode(0, '229')] };
    world([checkOf([both]), checkOf([{ n: 1, problems: [unknownCode(0, '229')] }])], [withCodes(1, '229')]);
    watchBulk('/api/v1/invoices/changes');
    const { user, dialog } = await openCheck();
    const due = dialog.getByRole('textbox', { name: 'Due date' });
    await waitFor(() => expect(due).toHaveValue('20 Dec 2026'));

    await user.click(within(due.closest('form') as HTMLElement).getByRole('button', { name: 'Set for 1' }));

    expect(await dialog.findByText('1 of them needs another fix.')).toBeVisible();
  });

  test('names the invoices that were refused, with the reason in words', async () => {
    world([checkOf([1, 2].map((n) => ({ n, problems: [noDueDate] })))]);
    const detail = 'Wait until its export is done.';
    watchBulk('/api/v1/invoices/changes', [
      resultOf(1),
      resultOf(2, { outcome: 'refused', errors: [{ code: 'invoice_in_export', detail, pointer: null }] }),
    ]);
    const { user, dialog } = await openCheck();
    await waitFor(() => expect(dialog.getByRole('textbox', { name: 'Due date' })).toHaveValue('20 Dec 2026'));

    await user.click(dialog.getByRole('button', { name: 'Set for 2' }));

    expect(await dialog.findByText('Due date set for 1 invoice')).toBeVisible();
    expect(dialog.getByRole('listitem')).toHaveTextContent('INV-2: It is on its way to Xero.');
  });

  test('that is a missing approval is approved there', async () => {
    const draft = of('invoice_not_approved', 'Only approved invoices can be sent', 'Approve it.', '#/status');
    world([checkOf([1, 2].map((n) => ({ n, problems: [draft] })))]);
    const asked = watchBulk('/api/v1/invoices/approvals');
    const { user, dialog } = await openCheck();

    await user.click(dialog.getByRole('button', { name: 'Approve 2' }));

    expect(await dialog.findByText('2 invoices approved')).toBeVisible();
    expect(asked).toEqual([{ selection: { mode: 'ids', ids: ['inv_1', 'inv_2'] } }]);
  });

  test('that could not be fixed says why at its field, and keeps the value', async () => {
    world([checkOf([{ n: 1, problems: [noDueDate] }])]);
    server.use(http.post('/api/v1/invoices/changes', () => refusal(403, 'forbidden', 'Forbidden')));
    const { user, dialog } = await openCheck();
    const field = dialog.getByRole('textbox', { name: 'Due date' });
    await waitFor(() => expect(field).toHaveValue('20 Dec 2026'));

    await user.click(dialog.getByRole('button', { name: 'Set for 1' }));

    expect(await dialog.findByRole('alert')).toHaveTextContent('You may not do this');
    expect(field).toHaveValue('20 Dec 2026');
  });
});
