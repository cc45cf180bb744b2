import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, look, openPage } from './browser.mjs';
import { startServer } from './server.mjs';

const DESK = { width: 1360, height: 860, scheme: 'light' };
const PHONE = { width: 390, height: 844, scheme: 'dark' };
const XERO_NAME = 'Bluegum Property Group';
const PERSON = 'Hana Parata';

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

const visible = (locator) => locator.first().waitFor({ state: 'visible' });

async function post(page, path, data) {
  const reply = await page.request.post(`${server.url}/api/v1${path}`, {
    headers: { Origin: server.url },
    data,
  });
  assert.ok(reply.ok(), `${path}: ${reply.status()} ${await reply.text()}`);
  return reply.json();
}

/** A new business that is connected to this organisation. */
async function connected(page, name, country, organisation) {
  await post(page, '/businesses', {
    business_name: `${name} Plumbing`,
    country,
    name: 'Mere Hohepa',
    email: `mere-${Date.now()}@${name.toLowerCase()}.example.com`,
    password: 'rimu-solder-kauri-valve-tui',
  });
  await page.goto('/settings/connections');
  await page.getByRole('button', { name: 'Connect to Xero' }).click();
  await page.getByRole('radio', { name: organisation }).check();
  await page.getByRole('button', { name: 'Allow access' }).click();
  await visible(page.getByRole('heading', { name: `Connected to ${organisation}` }));
}

/** Reads the contacts of Xero, up to the preview. */
async function preview(page) {
  await page.getByRole('button', { name: 'Look at the contacts' }).click();
  await visible(page.getByRole('tab', { name: /^New/ }));
}

const counted = (page, tab) =>
  page
    .getByRole('tab', { name: tab })
    .innerText()
    .then((words) => Number(/\d+/.exec(words)?.[0]));

test('contacts are brought in after connecting, and a second import adds nobody twice', async () => {
  const { page, context, complaints } = await openPage(browser, { url: server.url, ...DESK });
  await connected(page, 'Kauri', 'NZ', 'Kauri Plumbing Ltd');
  await visible(page.getByRole('heading', { name: 'Bring in your contacts from Xero?' }));
  await look(page, 'import-offer');
  await page.getByRole('link', { name: 'Import contacts' }).click();
  await look(page, 'import-choose');
  await preview(page);
  await page.getByRole('tab', { name: /^New/ }).click();
  await visible(page.getByRole('row', { name: new RegExp(XERO_NAME) }));
  await look(page, 'import-preview');

  await page.getByRole('button', { name: /^Import \d+ contacts$/ }).click();
  await visible(page.getByText(/contacts are here\./));
  await look(page, 'import-result');
  await page.getByRole('link', { name: 'Go to contacts' }).click();
  await visible(page.getByRole('row', { name: new RegExp(`${XERO_NAME}.*In step`) }));
  await look(page, 'contacts-imported');

  await page.getByRole('link', { name: /^Import/ }).click();
  await preview(page);
  assert.equal(await counted(page, /^New/), 0);
  assert.ok((await counted(page, /^Unchanged/)) > 20);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a contact in doubt is linked by a choice on a phone, and Back leads to the list', async () => {
  const { page, context, complaints } = await openPage(browser, { url: server.url, ...PHONE });
  await connected(page, 'Rimu', 'AU', 'Wattle Electrical Pty Ltd');
  const { id } = await post(page, '/contacts', {
    kind: 'person',
    first_name: 'Hana',
    last_name: 'Parata',
    roles: ['customer'],
    email: 'hana@parata.example.com',
  });
  await page.goto('/contacts/import');
  await preview(page);
  await page.goto('/contacts');
  await page.getByRole('link', { name: PERSON }).click();
  await visible(page.getByRole('radio', { name: /make a new contact/ }));
  await look(page, 'contact-choice');
  await page.getByRole('radio', { name: /^Hana Parata/ }).click();
  await visible(page.getByRole('row', { name: /E-mail/ }));
  await look(page, 'contact-chosen');
  await page.getByRole('button', { name: 'Yes, link them' }).click();

  await visible(page.getByRole('heading', { name: `In Xero this is ${PERSON}` }));
  await visible(page.getByText(/^Linked by Mere Hohepa/));
  await look(page, 'contact-linked');
  assert.equal(new URL(page.url()).pathname, `/contacts/${id}`);
  await page.goBack();
  await visible(page.getByRole('heading', { name: 'Contacts', level: 1 }));
  assert.deepEqual(complaints, []);
  await context.close();
});
