import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const DIST = new URL('../dist/', import.meta.url);
const kilobytes = (bytes) => Math.round(bytes / 100) / 10;

/** What index.html and everything it imports at once weigh on the wire. */
function initialWeight(kind) {
  const waiting = [
    ...readFileSync(new URL('index.html', DIST), 'utf8').matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g),
  ];
  const seen = new Set();
  const queue = waiting.map((match) => match[1]);
  let bytes = 0;
  while (queue.length > 0) {
    const name = queue.pop();
    if (seen.has(name) || !/\.(js|css)$/.test(name)) continue;
    seen.add(name);
    const source = readFileSync(new URL(name, DIST));
    if (name.endsWith(kind)) bytes += gzipSync(source).length;
    const imports = name.endsWith('.js')
      ? source.toString().matchAll(/(?:from|import)\s*["']\.\/([^"']+)["']/g)
      : [];
    for (const match of imports) queue.push(`assets/${match[1]}`);
  }
  return kilobytes(bytes);
}

test('the first page comes with at most 230 kB of script and 40 kB of style', () => {
  const [script, style] = [initialWeight('.js'), initialWeight('.css')];

  assert.ok(script > 50 && script <= 230, `${script} kB of script`);
  assert.ok(style > 5 && style <= 40, `${style} kB of style`);
});

test('no part of the app names another site to load from', () => {
  const files = readdirSync(new URL('assets/', DIST)).filter((name) => name.endsWith('.css'));
  const outward = files.filter((name) =>
    /url\(["']?(https?:)?\/\//.test(readFileSync(new URL(`assets/${name}`, DIST), 'utf8')),
  );

  assert.deepEqual(outward, []);
});

test('the pages of the API reference weigh nothing in the app itself', () => {
  const scripts = readdirSync(new URL('assets/', DIST)).filter((name) => name.endsWith('.js'));
  const withViewer = scripts.filter((name) =>
    /createApiReference|SwaggerUIBundle/.test(readFileSync(new URL(`assets/${name}`, DIST), 'utf8')),
  );

  assert.ok(scripts.length > 10);
  assert.deepEqual(withViewer, []);
});
