import { act, screen, waitFor } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import type { Export, StartedExport } from '@/api/types';
import { run, started } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { refusal, server } from '@/testing/server';
import { showRunToast } from './run-toast';
import { skippedWords } from './words';

const held: Export = {
  ...run,
  state: 'queued',
  total: 58,
  exported: 0,
  waiting: 58,
  hold_until: '2026-11-22T02:00:05Z',
};

const left = (code: string, n: number): StartedExport['skipped'][number] => ({
  invoice_id: `inv_${n}`,
  code,
  detail: 'x',
});

/** A run that waits for its start, with its toast on a page; stopping it cancels all of it. */
async function showHeld(answer?: () => Response, skipped: StartedExport['skipped'] = []) {
  let now: Export = held;
  server.use(
    http.get('/api/v1/exports/exp_1', () => HttpResponse.json(now)),
    http.post('/api/v1/exports/exp_1/cancellation', () => {
      if (answer) return answer();
      now = { ...held, state: 'cancelled', waiting: 0, cancelled: 58, poll_after_ms: null };
      return HttpResponse.json(now);
    }),
  );
  const { user } = renderApp('/help');
  await screen.findByRole('heading', { name: 'Questions and answers' });
  act(() => showRunToast({ ...started, ...held, skipped }));
  await screen.findByText('Exporting 58 invoices');
  return user;
}

describe('an export that has just been started', () => {
  test('can be stopped before anything is exported', async () => {
    const user = await showHeld();
    expect(screen.getByText('starts in a few seconds')).toBeVisible();

    await user.click(screen.getByRole('button', { name: 'Stop' }));

    expect(await screen.findByText('Stopped. Nothing was exported.')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Stop' })).not.toBeInTheDocument();
  });

  test('says why it could not be stopped', async () => {
    const user = await showHeld(() => refusal(409, 'export_finished', 'This export is finished'));

    await user.click(screen.getByRole('button', { name: 'Stop' }));

    await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('This export is finished'));
  });

  test('says what was left out of a selection by filter', async () => {
    await showHeld(undefined, [left('invoice_not_approved', 1), left('invoice_not_approved', 2)]);

    expect(screen.getByText('2 were left out: they are drafts.')).toBeVisible();
  });
});

test('what was left out is counted by its reason', () => {
  const words = (...skipped: StartedExport['skipped']) => skippedWords({ skipped });

  expect(words()).toBeNull();
  expect(words(left('already_exported', 1))).toBe('1 was left out: it is in Xero already.');
  expect(words(left('invoice_excluded', 1), left('unknown_invoice', 2), left('unknown_invoice', 3))).toBe(
    '3 were left out: 1 is left out on purpose, 2 were deleted.',
  );
});
