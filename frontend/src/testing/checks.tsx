import { screen, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import type { CheckedContact, ExportCheck, Invoice, ResourceProblem } from '@/api/types';
import { check, inFull, invoiceAt, problem } from './fixtures';
import { watchExports, watchList } from './invoices';
import { renderApp } from './render-app';
import { server } from './server';

/** Where the invoices of the nth contact go. */
export const goes = (n: number, change: Partial<CheckedContact>): CheckedContact => ({
  contact_id: `con_${n}`,
  name: `Contact ${n}`,
  goes_to: null,
  how: 'new',
  decided_by: null,
  evidence: [],
  differs: [],
  possible_duplicates: [],
  remarks: [],
  invoices: 1,
  totals: [{ currency: 'NZD', total: '115.00' }],
  ...change,
});

export type Held = { n: number; problems: ResourceProblem[] };

/** What a check says of held invoices, each with its problems, beside one that is ready. */
export function checkOf(held: readonly Held[]): ExportCheck {
  const codes = [...new Set(held.flatMap(({ problems }) => problems.map(({ code }) => code)))];
  return {
    ...check,
    total: held.length + 1,
    ready: 1,
    needs_fix: held.length,
    ready_ids: ['inv_9'],
    resendable_ids: [],
    ready_totals: [{ currency: 'NZD', total: '115.00' }],
    groups: codes.map((code) => {
      const of = held.filter(({ problems }) => problems.some((one) => one.code === code));
      const title = of[0]?.problems.find((one) => one.code === code)?.title ?? code;
      return {
        code,
        title,
        fix: null,
        count: of.length,
        totals: [],
        invoice_ids: of.map(({ n }) => `inv_${n}`),
      };
    }),
    invoices: held.map(({ n, problems }) => ({
      invoice_id: `inv_${n}`,
      number: `INV-${n}`,
      contact_name: 'Fenwick Builders',
      currency: 'NZD',
      total: '115.00',
      problems,
    })),
  };
}

export const of = (code: string, title: string, detail: string, pointer: string): ResourceProblem => ({
  ...problem,
  code,
  title,
  detail,
  pointer,
  fix: null,
});

export const noDueDate = of('due_date_missing', 'Add a due date', 'Xero wants one.', '#/due_on');
export const unknownCode = (line: number, code: string) =>
  of(
    'account_code_unknown',
    'A code isn’t in Xero',
    `Line ${line + 1}: ${code} isn’t in Xero.`,
    `#/lines/${line}/accounting_code`,
  );

/** An invoice whose lines have these codes. */
export const withCodes = (n: number, ...codes: (string | null)[]): Invoice => {
  const invoice = inFull(invoiceAt(n));
  return {
    ...invoice,
    lines: codes.flatMap((code) => invoice.lines.map((line) => ({ ...line, accounting_code: code }))),
  };
};

/** Answers the checks one after the other, the last of them again and again; and the invoices in full. */
export function world(
  checks: ExportCheck[],
  invoices: Invoice[] = [1, 2, 3].map((n) => inFull(invoiceAt(n))),
) {
  watchList();
  watchExports();
  const checked: unknown[] = [];
  server.use(
    http.post('/api/v1/export-checks', async ({ request }) => {
      checked.push(((await request.json()) as { selection: unknown }).selection);
      return HttpResponse.json(checks.length > 1 ? checks.shift() : checks[0]);
    }),
    http.get('/api/v1/invoices/:id', ({ params }) => {
      const invoice = invoices.find(({ id }) => id === params.id);
      return invoice && HttpResponse.json(invoice, { headers: { ETag: '"1"' } });
    }),
  );
  return checked;
}

export async function openCheck() {
  const { user } = renderApp('/invoices');
  await user.click(await screen.findByRole('checkbox', { name: 'Select INV-1' }));
  await user.click(screen.getByRole('button', { name: 'Export 1 to Xero' }));
  return { user, dialog: within(await screen.findByRole('dialog')) };
}
