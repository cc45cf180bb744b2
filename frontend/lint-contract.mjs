/** Checks ../openapi.yaml against the recommended rules of Redocly; any error or warning ends with status 1. */
import { fileURLToPath } from 'node:url';
import { createConfig, lint } from '@redocly/openapi-core';

// Xero sends the browser to this address: it always redirects, so it has neither a 2xx nor a 4xx.
const REDIRECTS_ONLY = '#/paths/~1api~1v1~1connections~1xero~1callback/get/responses';

const config = await createConfig({ extends: ['recommended'] });
const ref = fileURLToPath(new URL('../openapi.yaml', import.meta.url));
const problems = (await lint({ ref, config })).filter(
  ({ location }) => location[0]?.pointer !== REDIRECTS_ONLY,
);
for (const { ruleId, message, location } of problems) {
  process.stderr.write(`openapi.yaml ${location[0]?.pointer}: ${message} (${ruleId})\n`);
}
process.exitCode = problems.length > 0 ? 1 : 0;
