import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
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

const guard = (page) => page.getByRole('dialog', { name: 'Leave without saving?' });

test('Back on a phone closes the question about unsaved changes, and leaves only when that is meant', async () => {
  const { page, context } = await openPage(browser, {
    url: server.url,
    width: 390,
    height: 844,
    scheme: 'light',
  });
  const signedUp = await page.request.post('/api/v1/businesses', {
    headers: { Origin: server.url },
    data: {
      business_name: 'Kauri Plumbing',
      country: 'NZ',
      name: 'Mere Hohepa',
      email: 'mere@kauri.example.com',
      password: 'rimu-solder-kauri-valve-tui',
    },
  });
  assert.equal(signedUp.status(), 201);
  await page.goto('/more');
  await page.getByRole('link', { name: 'Accounting', exact: true }).click();
  await page.getByText('Last, First', { exact: true }).click();
  await page.getByRole('button', { name: 'Save' }).waitFor();

  await page.goBack();
  await guard(page).waitFor();
  await page.goBack();
  await guard(page).waitFor({ state: 'hidden' });
  assert.equal(new URL(page.url()).pathname, '/settings/accounting');

  await page.getByRole('link', { name: 'Jobtally' }).click();
  await guard(page).waitFor();
  await page.goBack();
  await guard(page).waitFor({ state: 'hidden' });
  assert.equal(new URL(page.url()).pathname, '/settings/accounting');

  await page.goBack();
  await guard(page).getByRole('button', { name: 'Leave' }).click();
  await page.getByRole('heading', { name: 'More' }).waitFor();
  assert.equal(new URL(page.url()).pathname, '/more');
  await context.close();
});
