import createClient from 'openapi-fetch';
import { expect, test } from 'vitest';
import type { components, paths } from './schema.gen';

/** A program of a customer: the types of the contract and openapi-fetch are all it has. tsc checks every field. */
async function quickstart(send: (request: Request) => Promise<Response>): Promise<string | undefined> {
  const jobtally = createClient<paths>({
    baseUrl: 'https://jobs.example.nz',
    headers: { Authorization: 'Bearer jt_4Tz0aXq9_secret' },
    fetch: send,
  });
  const contact = await jobtally.POST('/api/v1/contacts', {
    params: { header: { 'Idempotency-Key': 'contact-1' } },
    body: { kind: 'company', name: 'Kōwhai Dental Ltd', roles: ['customer'] },
  });
  if (contact.error) return contact.error.code;
  const invoice = await jobtally.POST('/api/v1/invoices', {
    body: {
      kind: 'customer',
      number: 'INV-20480',
      contact_id: contact.data.id,
      issued_on: '2026-11-20',
      amounts: 'exclusive',
      lines: [{ description: 'Labour', quantity: '6.5', unit_price: '95.00', discount_percent: '10.00' }],
    },
  });
  if (invoice.error) return invoice.error.code;
  const path = { invoice_id: invoice.data.id };
  await jobtally.PUT('/api/v1/invoices/{invoice_id}/approval', { params: { path } });
  const list = await jobtally.GET('/api/v1/invoices', { params: { query: { status: 'approved' } } });
  const listed: components['schemas']['ListedInvoice'] | undefined = list.data?.items[0];
  return listed?.total;
}

test('a program creates, approves and lists an invoice with the types of the contract', async () => {
  const sent: string[] = [];
  const answers: Record<string, object> = {
    'POST /api/v1/contacts': { id: 'con_01jeecwz2h6z28dd1fm9d2r7kx' },
    'POST /api/v1/invoices': { id: 'inv_01jeecwz2h6z28dd1fm9d2r7kx' },
    'GET /api/v1/invoices?status=approved': { items: [{ total: '639.11' }], next_cursor: null },
  };

  const total = await quickstart(async (request) => {
    const { pathname, search } = new URL(request.url);
    sent.push(`${request.method} ${pathname}${search}`);
    return Response.json(answers[`${request.method} ${pathname}${search}`] ?? {});
  });

  expect(total).toBe('639.11');
  expect(sent).toEqual([
    'POST /api/v1/contacts',
    'POST /api/v1/invoices',
    'PUT /api/v1/invoices/inv_01jeecwz2h6z28dd1fm9d2r7kx/approval',
    'GET /api/v1/invoices?status=approved',
  ]);
});
