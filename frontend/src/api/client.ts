import createClient from 'openapi-fetch';
import { sendConfirmed } from './confirmation';
import { Problem } from './problem';
import type { paths } from './schema.gen';

/** The typed client of the contract. It never shows a message and never redirects: its callers do. */
export const api = createClient<paths>({
  baseUrl: globalThis.location.origin,
  credentials: 'same-origin',
  // openapi-fetch keeps the fetch it was made with; asking each time lets tests put theirs in place.
  fetch: (request) => sendConfirmed(request, (sent) => globalThis.fetch(sent).catch(unreachable)),
});

/** fetch rejects with a TypeError when no answer came at all. */
function unreachable(error: unknown): never {
  throw error instanceof TypeError ? Problem.unreachable() : error;
}

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The body of a success; anything else is thrown as a `Problem`. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  throw Problem.fromResponse(response, error);
}

export type Tagged<T> = { value: T; etag: string };

/** Like `unwrap`, with the ETag that a later `If-Match` needs. */
export async function unwrapTagged<T>(call: Promise<Answer<T>>): Promise<Tagged<T>> {
  const { data, error, response } = await call;
  if (!response.ok) throw Problem.fromResponse(response, error);
  return { value: data as T, etag: response.headers.get('ETag') ?? '*' };
}

/** A key for `Idempotency-Key`: made once, before the first try, and reused by every retry of that try. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
