import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_MS = 90_000;

/**
 * The server under test: the one at JOBTALLY_E2E_URL, or one of our own with the stand-in behind it.
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startServer() {
  const given = process.env.JOBTALLY_E2E_URL;
  if (given) return { url: given.replace(/\/$/, ''), stop: async () => {} };

  const folder = await mkdtemp(join(tmpdir(), 'jobtally-e2e-'));
  const [port, xeroPort] = [await freePort(), await freePort()];
  const url = `http://localhost:${port}`;
  const xero = run('python', ['-m', 'sandbox', '--port', `${xeroPort}`], {});
  const app = run('jobtally', ['serve'], settings(folder, port, `http://localhost:${xeroPort}`));
  const stop = async () => {
    await Promise.all([app.stop(), xero.stop()]);
    // On a busy machine its database writes a little longer than the server runs.
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  try {
    await answers(`${url}/readyz`, app);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

const settings = (folder, port, xero) => ({
  JOBTALLY_DATA_DIR: folder,
  JOBTALLY_PORT: `${port}`,
  XERO_CLIENT_ID: 'stand-in-client',
  XERO_CLIENT_SECRET: 'stand-in-not-a-secret',
  XERO_AUTHORIZE_URL: `${xero}/identity/connect/authorize`,
  XERO_TOKEN_URL: `${xero}/connect/token`,
  XERO_REVOKE_URL: `${xero}/connect/revocation`,
  XERO_CONNECTIONS_URL: `${xero}/connections`,
  XERO_API_URL: `${xero}/api.xro/2.0`,
  XERO_ISSUER: xero,
});

function run(program, words, environment) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(JOBTALLY|XERO)_/.test(name));
  const child = spawn(join(ROOT, '.venv/bin', program), words, {
    cwd: ROOT,
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      said = (said + text).slice(-4_000);
    });
  }
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', resolve);
  });
  return {
    hasEnded: () => child.exitCode !== null || child.pid === undefined,
    said: () => said,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function answers(address, program) {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline && !program.hasEnded()) {
    const reply = await fetch(address).catch(() => null);
    if (reply?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`The server did not start. Its last words:\n${program.said()}`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
