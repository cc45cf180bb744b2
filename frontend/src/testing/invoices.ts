import { HttpResponse, http } from 'msw';
import type { components } from '@/api/schema.gen';
import { started as answer, check, invoiceAt, run } from './fixtures';
import { server } from './server';

/** Remembers every query the list was asked with. */
export function watchList(rows = [1, 2, 3, 4].map((n) => invoiceAt(n))) {
  const asked: Record<string, string>[] = [];
  server.use(
    http.get('/api/v1/invoices', ({ request }) => {
      asked.push(Object.fromEntries(new URL(request.url).searchParams));
      return HttpResponse.json({ items: rows, next_cursor: null });
    }),
  );
  return asked;
}

/** Remembers every export that was started, with its key. */
export function watchExports(answers: (() => Response)[] = []) {
  const started: { selection: unknown; hold: unknown; key: string | null }[] = [];
  server.use(
    http.post('/api/v1/export-checks', () => HttpResponse.json(check)),
    http.post('/api/v1/exports', async ({ request }) => {
      const body = (await request.json()) as { selection: unknown; hold_seconds: unknown };
      const key = request.headers.get('Idempotency-Key');
      started.push({ selection: body.selection, hold: body.hold_seconds, key });
      return answers.shift()?.() ?? HttpResponse.json(answer, { status: 202 });
    }),
    http.get('/api/v1/exports/exp_1', () => HttpResponse.json(run)),
  );
  return started;
}

type Result = components['schemas']['SelectedResult'];
type BulkBody = { selection: { ids: string[] }; set?: unknown; only_lines_with?: unknown };

/** What was done with the nth invoice. */
export const resultOf = (n: number, change: Partial<Result> = {}): Result => ({
  invoice_id: `inv_${n}`,
  number: `INV-${n}`,
  outcome: 'done',
  approval_withdrawn: false,
  errors: [],
  ...change,
});

/** Remembers what is asked of many invoices at once; every one of them is done unless `results` says otherwise. */
export function watchBulk(path: string, results?: Result[]) {
  const asked: BulkBody[] = [];
  server.use(
    http.post(path, async ({ request }) => {
      const body = (await request.json()) as BulkBody;
      asked.push(body);
      const given = results ?? body.selection.ids.map((id) => resultOf(Number(id.replace('inv_', ''))));
      const counted = (outcome: string) => given.filter((one) => one.outcome === outcome).length;
      return HttpResponse.json({
        total: given.length,
        done: counted('done'),
        unchanged: counted('unchanged'),
        refused: counted('refused'),
        results: given,
      });
    }),
  );
  return asked;
}
