import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import * as fixtures from './fixtures';

const page = (items: unknown[]) => HttpResponse.json({ items, next_cursor: null });

/** A quiet afternoon at Kauri Plumbing: signed in, connected, nothing new. Each test changes what it is about. */
export const server = setupServer(
  http.get('/api/v1/session', () => HttpResponse.json(fixtures.session)),
  http.get('/api/v1/connections/xero', () => HttpResponse.json(fixtures.connection)),
  http.get('/api/v1/connections/xero/organisations', () => HttpResponse.json({ items: [] })),
  http.get('/api/v1/preferences', () =>
    HttpResponse.json(fixtures.preferences, { headers: { ETag: '"1"' } }),
  ),
  http.get('/api/v1/accounting-codes', ({ request }) => {
    const kind = new URL(request.url).searchParams.get('kind');
    return page(fixtures.codes.filter((code) => code.kind === kind));
  }),
  http.get('/api/v1/items', () => page([fixtures.stockItem])),
  http.get('/api/v1/cost-centers', () => page([fixtures.costCenter])),
  http.get('/api/v1/ledger/tracking-categories', () => page([])),
  http.get('/api/v1/tax-rates', () => page([])),
  http.get('/api/v1/job-statuses', () => page([fixtures.jobStatus])),
  http.get('/api/v1/contacts', () => page([fixtures.contact])),
  http.get('/api/v1/contacts/counts', () => HttpResponse.json({ count: 1, more: false })),
  http.get('/api/v1/contacts/con_1', () => HttpResponse.json(fixtures.contact)),
  http.get('/api/v1/contacts/con_1/link', () => HttpResponse.json(fixtures.link)),
  http.get('/api/v1/contacts/con_1/history', () => page([])),
  http.get('/api/v1/contact-imports/offer', () => HttpResponse.json({ state: 'done' })),
  http.get('/api/v1/contact-pushes/name-changes', () => HttpResponse.json({ count: 0 })),
  http.get('/api/v1/contact-pushes/schedule', () =>
    HttpResponse.json({ enabled: false, last: null, next_at: null }),
  ),
  http.get('/api/v1/invoices', () => page([1, 2, 3].map((n) => fixtures.invoiceAt(n)))),
  http.get('/api/v1/invoices/counts', ({ request }) => {
    const hasProblem = new URL(request.url).searchParams.has('problem');
    return HttpResponse.json(hasProblem ? { ...fixtures.counts, count: 0 } : fixtures.counts);
  }),
  http.get('/api/v1/invoices/:id/link', () =>
    HttpResponse.json({ xero_invoice_id: null, made_by: null, made_at: null, document: null }),
  ),
  http.get('/api/v1/invoices/overview', () => HttpResponse.json({ items: fixtures.groups })),
  http.post('/api/v1/export-checks', () => HttpResponse.json(fixtures.check)),
  http.get('/api/v1/exports', () => page([])),
  http.get('/api/v1/notifications', () =>
    HttpResponse.json({ items: [], next_cursor: 'c0', has_more: false, unread: 0 }),
  ),
);

type Fault = { pointer: string; code: string; detail: string };

/** A refusal as the API words it. */
export function refusal(
  status: number,
  code: string,
  title: string,
  errors: Fault[] = [],
  rest: object = {},
) {
  return HttpResponse.json(
    { type: `/problems/${code}`, title, status, detail: null, code, request_id: 'req_1', errors, ...rest },
    { status, headers: { 'Content-Type': 'application/problem+json' } },
  );
}

/** One field that the API does not take. */
export const refused = (pointer: string, detail: string) =>
  refusal(422, 'invalid', 'Some of what you sent cannot be used', [{ pointer, code: 'invalid', detail }]);
