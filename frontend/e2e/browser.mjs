import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const SHOTS = process.env.JOBTALLY_E2E_SHOTS ?? join(tmpdir(), 'jobtally-e2e-shots');
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** Refusals the app expects and handles; the browser logs each of them by itself. */
const EXPECTED = /status of (401|409|412|422)/;

export const launch = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? PLACES.find(existsSync), args: FLAGS });

/** A page that remembers what it should not have done: errors on the console, requests to elsewhere. */
export async function openPage(browser, { url, width, height, scheme, storageState }) {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height },
    colorScheme: scheme,
    hasTouch: width < 768,
    reducedMotion: 'reduce',
    locale: 'en-NZ',
    storageState,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !EXPECTED.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const own = request.url().startsWith(url) || /^(data|blob):/.test(request.url());
    // A page of its own is where the app leads on purpose: Xero's consent page.
    if (!own && !request.isNavigationRequest()) complaints.push(`asked ${request.url()}`);
  });
  return { page, context, complaints };
}

/** Looks at the page as it is: a picture, no sideways scrolling, nothing that axe finds. */
export async function look(page, name) {
  await mkdir(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
  await fits(page, name);
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 140)}`),
  );
  assert.deepEqual(found, [], name);
}

/** Nothing has to be scrolled sideways. */
export async function fits(page, name) {
  const { wide, width } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    width: window.innerWidth,
  }));
  assert.ok(wide <= width, `${name} scrolls sideways: ${wide} in ${width}`);
}
