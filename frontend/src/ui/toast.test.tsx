import { act, screen, waitFor } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test, vi } from 'vitest';
import { Problem } from '@/api/problem';
import { showRunToast } from '@/features/exports/run-toast';
import { run, started } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { server } from '@/testing/server';
import { toastDone, toastProblem } from './toast';

test('toasts stand above the save bar, in the same zone', async () => {
  const { user } = renderApp('/settings/accounting');
  await user.click(await screen.findByRole('radio', { name: 'Last, First' }));

  act(() => toastDone('Rātā was added'));

  const zone = screen.getByText('Rātā was added').closest('.zone');
  const save = screen.getByRole('button', { name: 'Save' });
  expect(zone).toContainElement(save);
  expect(
    screen.getByText('Rātā was added').compareDocumentPosition(save) & Node.DOCUMENT_POSITION_FOLLOWING,
  ).toBeTruthy();
});

test('a confirmation leaves by itself, but not while somebody points at it', async () => {
  const { user } = renderApp('/help');
  await screen.findByRole('heading', { name: 'Questions and answers' });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  act(() => toastDone('Saved'));
  await user.hover(screen.getByText('Saved'));

  act(() => void vi.advanceTimersByTime(60_000));
  expect(screen.getByText('Saved')).toBeVisible();

  await user.unhover(screen.getByText('Saved'));
  act(() => void vi.advanceTimersByTime(8_000));
  expect(screen.queryByText('Saved')).not.toBeInTheDocument();
  vi.useRealTimers();
});

test('a refusal stays until it is closed, in words for a person', async () => {
  const { user } = renderApp('/help');
  await screen.findByRole('heading', { name: 'Questions and answers' });
  act(() =>
    toastProblem(
      new Problem({
        status: 409,
        code: 'already_queued',
        title: 'x',
        detail: 'Leave out those in `errors`.',
      }),
    ),
  );
  expect(screen.getByRole('alert')).toHaveTextContent('Untick those that are on their way');

  await user.click(screen.getByRole('button', { name: 'Dismiss' }));

  expect(screen.queryByRole('alert')).not.toBeInTheDocument();
});

test('a run has no toast on its own page', async () => {
  server.use(
    http.get('/api/v1/exports/exp_1', () => HttpResponse.json(run)),
    http.get('/api/v1/exports/exp_1/items', () => HttpResponse.json({ items: [], next_cursor: null })),
  );
  const { user } = renderApp('/help');
  await screen.findByRole('heading', { name: 'Questions and answers' });
  act(() => showRunToast(started));

  await user.click(await screen.findByRole('link', { name: 'View export' }));

  await screen.findByRole('region', { name: 'Progress' });
  await waitFor(() => expect(screen.queryByText('Exporting 3 invoices')).not.toBeInTheDocument());
});
