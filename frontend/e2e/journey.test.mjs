import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fits, launch, look, openPage } from './browser.mjs';
import { seed } from './seed.mjs';
import { startServer } from './server.mjs';

const DESK = { width: 1360, height: 860 };
const PHONE = { width: 390, height: 844 };
const PASSWORD = 'rimu-solder-kauri-valve-tui';

let server;
let browser;
/** The session of the first business, with three invoices exported. */
let signedIn;

before(async () => {
  server = await startServer();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const visible = (locator) => locator.first().waitFor({ state: 'visible' });

/** From nothing to a connected business with both default codes, all through the screens. */
async function setUp(page, { name, country, organisation }) {
  await page.goto('/');
  await page.getByRole('link', { name: 'Set up your business' }).click();
  await page.getByLabel('Business name').fill(`${name} Plumbing`);
  await page.getByText(country, { exact: true }).click();
  await page.getByLabel('Your name').fill('Mere Hohepa');
  await page.getByLabel('E-mail').fill(`mere-${Date.now()}@${name.toLowerCase()}.example.com`);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await look(page, `${name}-sign-up`);
  await page.getByRole('button', { name: `Set up ${name} Plumbing` }).click();

  await visible(page.getByText('0 of 5 done'));
  await look(page, `${name}-set-up`);
  await page.getByRole('button', { name: 'Connect to Xero' }).click();
  await page.getByRole('radio', { name: organisation }).check();
  await page.getByRole('button', { name: 'Allow access' }).click();
  await visible(page.getByRole('heading', { name: `Connected to ${organisation}` }));
  await look(page, `${name}-connected`);
}

async function setPreferences(page, name) {
  await page.goto('/settings/accounting#default-codes');
  await chooseFirst(page, 'Invoice items');
  await chooseFirst(page, 'Order items');
  await page.getByRole('radio', { name: 'Last, First' }).check();
  await look(page, `${name}-preferences`);
  await page.getByRole('button', { name: 'Save' }).click();
  await visible(page.getByText('Saved'));
}

/** The codes come with the first reading of the ledger, which runs behind the connection. */
async function chooseFirst(page, label) {
  const field = page.getByRole('combobox', { name: label });
  const option = page.getByRole('option').first();
  for (let tries = 0; tries < 30; tries += 1) {
    await field.click();
    const arrived = await option.waitFor({ state: 'visible', timeout: 2_000 }).then(
      () => true,
      () => false,
    );
    if (arrived) {
      await option.click();
      return;
    }
    await page.reload();
  }
  assert.fail(`No code to choose for ${label}`);
}

async function approve(page, number) {
  await page.goto('/invoices?view=draft');
  await page.getByRole('button', { name: number }).click();
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await visible(page.getByRole('button', { name: 'Export to Xero' }));
}

async function exportThree(page, name) {
  for (const number of ['INV-1001', 'INV-1002', 'INV-1003']) await approve(page, number);
  await page.goto('/invoices');
  for (const number of ['INV-1001', 'INV-1002', 'INV-1003']) {
    await page.getByRole('checkbox', { name: `Select ${number}` }).check();
  }
  await look(page, `${name}-ticked`);
  await barIsFree(page);
  await page.goto('/invoices?q=nowhere');
  await visible(page.getByText('3 ticked'));
  await page.getByRole('button', { name: '3 not in this list' }).click();
  await look(page, `${name}-tray`);
  await page.goto('/invoices');
  await page.getByRole('button', { name: 'Export 3 to Xero' }).click();

  await visible(page.getByText('3 of 3 invoices are in Xero.'));
  await page.getByRole('button', { name: /^Notifications, 1 unread/ }).click();
  await visible(page.getByText('3 of 3 invoices have been exported to Xero.'));
  await look(page, `${name}-bell`);
}

/** An approved invoice that Xero would refuse is never *Ready*: the list says why, and the tab counts it. */
async function seesWhatStandsAgainst(page, name) {
  await approve(page, 'INV-1004');
  const row = page.getByText('INV-1004').first();
  for (let tries = 0; tries < 30; tries += 1) {
    await page.goto('/invoices?view=attention');
    if (
      await row.waitFor({ state: 'visible', timeout: 2_000 }).then(
        () => true,
        () => false,
      )
    )
      break;
  }
  await visible(page.getByText('A code isn’t in Xero').or(page.getByText("A code isn't in Xero")));
  assert.match(await page.getByRole('tab', { name: /Needs attention/ }).innerText(), /1/);
  assert.match(await page.getByRole('tab', { name: /Ready/ }).innerText(), /0/);
  await look(page, `${name}-needs-attention`);
}

/** The first invoices are in Xero: Home skips what is left of set-up, and is the daily one from then on. */
async function finishesSetUp(page, name) {
  await page.goto('/');
  await visible(page.getByText('3 of 5 done'));
  await page.getByRole('button', { name: 'Not now' }).click();
  await visible(page.getByText('Left for later'));
  await page.getByRole('button', { name: 'Skip' }).click();
  await visible(page.getByRole('link', { name: /1 customer invoice needs a fix/ }));
  await visible(page.getByText('3 of 3'));
  await look(page, `${name}-home`);
}

/** What stands against an invoice is fixed where it is shown; then it goes from there, and its history knows. */
async function fixesAndExportsFromPanel(page, name) {
  await page.getByRole('link', { name: /1 customer invoice needs a fix/ }).click();
  await page.getByRole('button', { name: 'INV-1004' }).click();
  const send = page.getByRole('button', { name: 'Export to Xero' });
  await visible(page.getByText(/^Line 1: 999 isn['’]t in Xero/));
  assert.ok(await send.isDisabled());
  await page.getByRole('button', { name: 'Set code' }).click();
  await visible(page.getByRole('button', { name: 'Export to Xero', disabled: false }));
  await page.getByRole('tab', { name: 'Xero preview' }).click();
  await visible(page.getByRole('heading', { name: 'What will go to Xero' }));
  await page.waitForLoadState('networkidle');
  await look(page, `${name}-panel-preview`);
  await send.click();
  await visible(page.getByRole('heading', { name: 'What went to Xero' }));
  await page.getByRole('tab', { name: 'History' }).click();
  await visible(page.getByText('Exported to Xero'));
  await look(page, `${name}-panel-history`);
}

/** Every button of the bar at the bottom is what a finger on its middle would touch. */
async function barIsFree(page) {
  for (const button of await page.locator('.zone button').all()) {
    const free = await button.evaluate((one) => {
      const { x, y, width, height } = one.getBoundingClientRect();
      return one.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    });
    assert.ok(free, await button.innerText());
  }
}

const BUSINESSES = [
  { name: 'Kauri', country: 'New Zealand', organisation: 'Kauri Plumbing Ltd', size: DESK, scheme: 'light' },
  {
    name: 'Wattle',
    country: 'Australia',
    organisation: 'Wattle Electrical Pty Ltd',
    size: PHONE,
    scheme: 'dark',
  },
];

for (const business of BUSINESSES) {
  const { name, country, size, scheme } = business;
  test(`a business in ${country} exports its first three invoices (${size.width} px, ${scheme})`, async () => {
    const { page, context, complaints } = await openPage(browser, { url: server.url, ...size, scheme });
    await setUp(page, business);
    await setPreferences(page, name);
    await seed(page, server.url);
    await exportThree(page, name);
    await seesWhatStandsAgainst(page, name);
    await finishesSetUp(page, name);
    await fixesAndExportsFromPanel(page, name);
    assert.deepEqual(complaints, []);
    signedIn ??= await context.storageState();
    await context.close();
  });
}

const ROUTES = [
  ['/home', 'Home'],
  ['/invoices?view=all', 'Customer invoices'],
  ['/bills?view=draft', 'Supplier invoices'],
  ['/contacts', 'Contacts'],
  ['/exports', 'Exports'],
  ['/settings/connections', 'Connections'],
  ['/settings/connections/xero?problem=access_denied', 'Connections'],
  ['/settings/accounting', 'Accounting'],
  ['/settings/accounting-codes', 'Accounting codes'],
  ['/settings/items', 'Items'],
  ['/settings/cost-centres', 'Cost centres'],
  ['/settings/status-changes', 'Status changes'],
  ['/settings/account', 'Your account'],
  ['/password-reset', 'Forgot your password?'],
  ['/password-reset#some-secret', 'Choose a new password'],
  ['/email-verification#some-secret', 'Confirm your e-mail address'],
  ['/help', 'Questions and answers'],
  ['/more', 'More'],
  ['/no/such/page', 'There’s no such page'],
];

// `make test` visits every page on two screens, `make browser` on all four.
const SCREENS = [
  { ...DESK, scheme: 'light' },
  { ...PHONE, scheme: 'dark' },
  ...(process.env.JOBTALLY_E2E_SCREENS === 'all'
    ? [
        { ...DESK, scheme: 'dark' },
        { ...PHONE, scheme: 'light' },
      ]
    : []),
];

for (const screen of SCREENS) {
  test(`every page can be used by everybody (${screen.width} px, ${screen.scheme})`, async () => {
    await visitAll(screen, look);
  });
}

for (const [size, scheme] of [
  [DESK, 'light'],
  [PHONE, 'dark'],
]) {
  test(`what opens over a page can be used by everybody, and Back closes it (${size.width} px)`, async () => {
    const { page, context, complaints } = await openPage(browser, {
      url: server.url,
      ...size,
      scheme,
      storageState: signedIn,
    });
    await page.goto('/invoices?view=all');
    const list = page.getByRole('heading', { name: 'Customer invoices', level: 1 });
    const overlays = [
      ['panel', () => page.getByRole('button', { name: 'INV-1004' }).click(), /INV-1004/],
      ['search', () => page.getByRole('button', { name: 'Find anything' }).click(), null],
      ['notifications', () => page.getByRole('button', { name: /^Notifications/ }).click(), 'Notifications'],
    ];
    for (const [name, open, heading] of overlays) {
      await visible(list);
      await open();
      if (heading) await visible(page.getByRole('heading', { name: heading }));
      else await page.getByPlaceholder('Pages, invoices, contacts, jobs').fill('INV-1');
      await page.waitForLoadState('networkidle');
      await look(page, `${size.width}-${scheme}-open-${name}`);
      await page.goBack();
      if (heading) await page.getByRole('heading', { name: heading }).waitFor({ state: 'hidden' });
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    }
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test('no page has to be scrolled sideways on the smallest screen', async () => {
  await visitAll({ width: 320, height: 700, scheme: 'light' }, fits);
});

async function visitAll(screen, check) {
  const { page, context, complaints } = await openPage(browser, {
    url: server.url,
    ...screen,
    storageState: signedIn,
  });
  for (const [address, heading] of ROUTES) {
    await page.goto(address);
    await visible(page.getByRole('heading', { name: heading, level: 1 }));
    await page.waitForLoadState('networkidle');
    await check(page, `${screen.width}-${screen.scheme}${address.replace(/\W+/g, '-')}`);
  }
  assert.deepEqual(complaints, []);
  await context.close();
}
