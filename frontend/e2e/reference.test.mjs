import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fits, launch, openPage } from './browser.mjs';
import { startServer } from './server.mjs';

let server;
let browser;

before(async () => {
  server = await startServer();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const SCREENS = [
  { width: 1360, height: 860, scheme: 'light' },
  { width: 390, height: 844, scheme: 'dark' },
];

for (const screen of SCREENS) {
  test(`Scalar shows the operations with no request to another site, ${screen.width} px wide`, async () => {
    const { page, context, complaints } = await openPage(browser, { url: server.url, ...screen });
    await page.goto('/api/reference#tag/exports/POST/api/v1/exports');
    await page.getByRole('heading', { name: 'Start export' }).first().waitFor();
    await page.getByText('Queue up to 10,000 invoices for Xero').first().waitFor();
    await fits(page, 'the reference');

    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test('Swagger UI shows the operations and leads to Scalar', async () => {
  const { page, context, complaints } = await openPage(browser, { url: server.url, ...SCREENS[0] });
  await page.goto('/api/docs');
  // Swagger UI shows the operations further down when they are scrolled to.
  await page.getByText('/api/v1/session', { exact: true }).first().waitFor();
  await page.getByRole('link', { name: 'Read it in Scalar' }).click();
  await page.getByRole('heading', { name: 'Jobtally' }).waitFor();

  assert.deepEqual(complaints, []);
  await context.close();
});
