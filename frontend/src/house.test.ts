import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

const HOME = import.meta.dirname;
const MAY_ENTER: Record<string, readonly string[]> = {
  lib: [],
  api: ['lib'],
  ui: ['lib', 'api'],
  features: ['lib', 'api', 'ui'],
  app: ['lib', 'api', 'ui', 'features'],
};

type Import = { file: string; from: string; to: string };

/** Every import across rooms; a feature is a room of its own. */
function importsAcrossRooms(): Import[] {
  const files = readdirSync(HOME, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file) && !file.startsWith('testing'))
    .flatMap((file) => {
      const source = readFileSync(join(HOME, file), 'utf8');
      const targets = [...source.matchAll(/(?:from|import)\s*\(?\s*'@\/([^']+)'/g)].map(
        (match) => match[1] ?? '',
      );
      return targets.map((to) => ({
        file: relative(HOME, join(HOME, file)),
        from: roomOf(file),
        to: roomOf(to),
      }));
    })
    .filter(({ from, to }) => from !== to);
}

const roomOf = (path: string) =>
  path.startsWith('features/') ? path.split('/').slice(0, 2).join('/') : (path.split('/')[0] ?? '');

test('arrows go from the app to its features to the common rooms, and no feature enters another', () => {
  const wrong = importsAcrossRooms().filter(({ from, to }) => {
    const allowed = MAY_ENTER[from.split('/')[0] ?? ''] ?? [];
    return !allowed.includes(to.split('/')[0] ?? '');
  });

  expect(wrong).toEqual([]);
});

test('no relative import leaves its room', () => {
  const files = readdirSync(HOME, { recursive: true, encoding: 'utf8' });
  const outward = files
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('.gen.'))
    .filter((file) => /from '\.\.\//.test(readFileSync(join(HOME, file), 'utf8')));

  expect(outward).toEqual([]);
});
