import { HttpResponse, http } from 'msw';
import type { Connection, InvoiceGroup, KindCounts, Preferences } from '@/api/types';
import { connection, counts, preferences } from './fixtures';
import { server } from './server';

type World = {
  connection?: Partial<Connection>;
  preferences?: Partial<Preferences>;
  offer?: 'open' | 'put_off' | 'done';
  counts?: Partial<KindCounts>;
  groups?: InvoiceGroup[];
};

const NEW_BUSINESS: KindCounts = {
  ready: 0,
  needs_attention: 0,
  in_progress: 0,
  exported: 0,
  draft: 0,
  all: 0,
};

/** A business on its first day, but for what is given. What is changed from then on is remembered. */
export function watchSetUp(world: World = {}) {
  const changed: unknown[] = [];
  let offer = world.offer ?? 'open';
  let kept = { ...preferences, default_income_code: null, default_expense_code: null, ...world.preferences };
  const tagged = () => HttpResponse.json(kept, { headers: { ETag: '"1"' } });
  server.use(
    http.get('/api/v1/connections/xero', () => HttpResponse.json({ ...connection, ...world.connection })),
    http.get('/api/v1/preferences', tagged),
    http.patch('/api/v1/preferences', async ({ request }) => {
      const change = (await request.json()) as Partial<Preferences>;
      changed.push(change);
      kept = { ...kept, ...change } as typeof kept;
      return tagged();
    }),
    http.get('/api/v1/contact-imports/offer', () => HttpResponse.json({ state: offer })),
    http.put('/api/v1/contact-imports/offer', async ({ request }) => {
      changed.push(await request.json());
      offer = 'put_off';
      return HttpResponse.json({ state: offer });
    }),
    http.get('/api/v1/invoices/counts', () =>
      HttpResponse.json({
        ...counts,
        customer: { ...NEW_BUSINESS, ...world.counts },
        supplier: NEW_BUSINESS,
      }),
    ),
    http.get('/api/v1/invoices/overview', () => HttpResponse.json({ items: world.groups ?? [] })),
    http.get('/api/v1/contacts/counts', () => HttpResponse.json({ count: 0, more: false })),
  );
  return changed;
}

/** The same business, with everything set up and invoices in Xero. */
export const watchDay = (world: World = {}) =>
  watchSetUp({
    offer: 'done',
    ...world,
    counts: { exported: 2, ...world.counts },
    preferences: {
      default_income_code: '200',
      default_expense_code: '310',
      skip_tracking_setup: true,
      ...world.preferences,
    },
  });
