import { screen } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { stockItem } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { server } from '@/testing/server';

test('an item that differs in Xero says what Xero has', async () => {
  const in_ledger = { ...stockItem, name: 'Pipe', sale_price: '13.0000', is_tracked: true };
  const item = { ...stockItem, match: 'differs', in_ledger };
  server.use(http.get('/api/v1/items', () => HttpResponse.json({ items: [item], next_cursor: null })));

  renderApp('/settings/items');

  const row = (await screen.findByText(/Copper pipe 15 mm/)).closest('tr');
  expect(row).toHaveTextContent('stock is counted in Xero');
  expect(row).toHaveTextContent('$12.45 · code 200');
  expect(row).toHaveTextContent('Different in Xero sale $13.00, name Pipe');
});

test('the items that Xero does not have are asked for with their tab and the search', async () => {
  const asked: string[] = [];
  server.use(
    http.get('/api/v1/items', ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ items: [], next_cursor: null });
    }),
  );
  const { user } = renderApp('/settings/items?q=pipe');

  await user.click(await screen.findByRole('tab', { name: 'Not in Xero' }));

  expect(await screen.findByText('Nothing matches')).toBeVisible();
  await expect.poll(() => asked.at(-1)).toBe('?q=pipe&match=missing&limit=200');
});
