import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip as zlibGzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const apiUrl = process.env.JOBTALLY_API_URL ?? 'http://127.0.0.1:8080';
const SMALLEST_COMPRESSED_BYTES = 1024;
const served = ['/api', '/healthz', '/version', '/problems', '/x'];

const require = createRequire(import.meta.url);
const swagger = dirname(require.resolve('swagger-ui-dist/package.json'));
const scalar = join(dirname(require.resolve('@scalar/api-reference')), 'browser');
/** Where the build has a file of the API's documentation pages, and where that comes from. */
const DOCUMENTATION_FILES = {
  ...Object.fromEntries(
    ['swagger-ui.css', 'swagger-ui-bundle.js', 'LICENSE', 'NOTICE'].map((name) => [
      `swagger-ui/${name}`,
      join(swagger, name),
    ]),
  ),
  'scalar/standalone.js': join(scalar, 'standalone.js'),
  'scalar/LICENSE': fileURLToPath(new URL('./scalar-license.txt', import.meta.url)),
};

/** Puts Swagger UI and Scalar beside the app, so that the API's documentation pages need no other origin. */
function documentationPages(): Plugin {
  return {
    name: 'documentation-pages',
    apply: 'build',
    generateBundle() {
      for (const [fileName, path] of Object.entries(DOCUMENTATION_FILES)) {
        this.emitFile({ type: 'asset', fileName, source: readFileSync(path) });
      }
    },
  };
}

/** Fails the build when a Mantine component is used whose styles src/ui/mantine.css does not bring. */
function mantineStyles(): Plugin {
  const brought = readFileSync(new URL('./src/ui/mantine.css', import.meta.url), 'utf8');
  return {
    name: 'mantine-styles',
    apply: 'build',
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((one) =>
        one.type === 'chunk' ? Object.keys(one.modules) : [],
      );
      const used = modules.map((id) => /@mantine\/core\/.*\/(\w+)\.module\.mjs/.exec(id)?.[1]);
      const missing = new Set(used.filter((name) => name && !brought.includes(`/${name}.layer.css"`)));
      if (missing.size > 0) this.error(`src/ui/mantine.css lacks ${[...missing].join(', ')}`);
    },
  };
}

/** Writes `.br` and `.gz` beside every text file of the build that is worth it; the API serves them as they are. */
function compressed(): Plugin {
  const brotli = promisify(brotliCompress);
  const gzip = promisify(zlibGzip);
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  return {
    name: 'compressed',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      const texts = Object.keys(bundle).filter((name) => /\.(js|css|html|svg)$/.test(name));
      const compress = async (name: string) => {
        const path = join(dir, name);
        const source = await readFile(path);
        if (source.length < SMALLEST_COMPRESSED_BYTES) return;
        await writeFile(`${path}.br`, await brotli(source, { params: quality }));
        await writeFile(`${path}.gz`, await gzip(source, { level: constants.Z_BEST_COMPRESSION }));
      };
      await Promise.all(texts.map(compress));
    },
  };
}

export default defineConfig({
  plugins: [react(), documentationPages(), mantineStyles(), compressed()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: {
    proxy: Object.fromEntries(served.map((path) => [path, { target: apiUrl, changeOrigin: false }])),
  },
  build: {
    // Older targets make Lightning CSS rewrite light-dark(), and dark mode silently stays light.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    sourcemap: false,
  },
  test: {
    environment: 'jsdom',
    environmentOptions: { jsdom: { url: 'http://localhost:3000' } },
    setupFiles: ['src/testing/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    // Pages are loaded and typed into for real; a busy machine may take its time.
    testTimeout: 60_000,
    maxWorkers: 2,
  },
});
