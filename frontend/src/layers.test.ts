import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

const HOME = import.meta.dirname;
const MAY_IMPORT: Record<string, readonly string[]> = {
  lib: [],
  api: ['lib'],
  ui: ['lib', 'api'],
  features: ['lib', 'api', 'ui'],
  app: ['lib', 'api', 'ui', 'features'],
};

type Import = { file: string; from: string; to: string };

/** Every import from one folder into another; each feature counts as a folder. */
function importsAcrossFolders(): Import[] {
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
        from: folderOf(file),
        to: folderOf(to),
      }));
    })
    .filter(({ from, to }) => from !== to);
}

const folderOf = (path: string) =>
  path.startsWith('features/') ? path.split('/').slice(0, 2).join('/') : (path.split('/')[0] ?? '');

test('the app imports features, features import shared folders, and no feature imports another', () => {
  const wrong = importsAcrossFolders().filter(({ from, to }) => {
    const allowed = MAY_IMPORT[from.split('/')[0] ?? ''] ?? [];
    return !allowed.includes(to.split('/')[0] ?? '');
  });

  expect(wrong).toEqual([]);
});

test('no relative import leaves its folder', () => {
  const files = readdirSync(HOME, { recursive: true, encoding: 'utf8' });
  const outward = files
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('.gen.'))
    .filter((file) => /from '\.\.\//.test(readFileSync(join(HOME, file), 'utf8')));

  expect(outward).toEqual([]);
});
