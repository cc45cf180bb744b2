import { HttpResponse, http } from 'msw';
import { describe, expect, test, vi } from 'vitest';
import { refusal, server } from '@/testing/server';
import { api, newIdempotencyKey, unwrap } from './client';
import { Problem } from './problem';
import type { components } from './schema.gen';

const contacts = () => unwrap(api.GET('/api/v1/contacts'));

const failureOf = async (call: Promise<unknown>): Promise<Problem> => {
  try {
    await call;
  } catch (error) {
    return Problem.from(error);
  }
  throw new Error('It did not fail');
};

describe('an answer that is no success', () => {
  test('is thrown with its code, its faults and its cure', async () => {
    const fix = { label: 'Connect to Xero', href: '/settings/connections/xero' };
    server.use(
      http.get('/api/v1/contacts', () => refusal(409, 'not_connected', 'Connect first', [], { fix })),
    );

    const problem = await failureOf(contacts());

    expect(problem).toMatchObject({
      status: 409,
      code: 'not_connected',
      title: 'Connect first',
      fix,
      requestId: 'req_1',
    });
  });

  test('says when to come back', async () => {
    server.use(
      http.get(
        '/api/v1/contacts',
        () => new HttpResponse(null, { status: 429, headers: { 'Retry-After': '7' } }),
      ),
    );

    expect((await failureOf(contacts())).retryAfterMs).toBe(7_000);
  });

  test('is still a problem when a proxy wrote it in HTML', async () => {
    server.use(
      http.get('/api/v1/contacts', () => HttpResponse.html('<h1>Bad gateway</h1>', { status: 502 })),
    );

    expect(await failureOf(contacts())).toMatchObject({ status: 502, code: 'http_502' });
  });

  test('tells an unreachable server from a refusal', async () => {
    server.use(http.get('/api/v1/contacts', () => HttpResponse.error()));

    expect((await failureOf(contacts())).code).toBe('network');
  });
});

test('no two tries share an idempotency key by chance', () => {
  expect(newIdempotencyKey()).not.toBe(newIdempotencyKey());
  expect(newIdempotencyKey()).toMatch(/^[0-9a-f]{32}$/);
});

test('a field with a default may be left out of a request', async () => {
  const body: components['schemas']['InvoiceIn'] = {
    kind: 'customer',
    number: 'KP-1',
    contact_id: 'con_1',
    issued_on: '2026-11-20',
    lines: [{ description: 'Labour', quantity: '1', unit_price: '85.00' }],
  };
  const sent = vi.fn();
  server.use(
    http.post('/api/v1/invoices', async ({ request }) => {
      sent(await request.json());
      return HttpResponse.json({}, { status: 201 });
    }),
  );

  await unwrap(api.POST('/api/v1/invoices', { body }));

  expect(sent).toHaveBeenCalledWith(body);
});
