/** Asks the user for the password; false when they decline. */
type Ask = () => Promise<boolean>;

let ask: Ask | null = null;
let asking: Promise<boolean> | null = null;

/** Sets who asks for the password, until the returned function is called. */
export function askForConfirmation(next: Ask): () => void {
  ask = next;
  return () => {
    if (ask === next) ask = null;
  };
}

/**
 * Sends a request. When the API wants the password first, the user is asked for it and the request is repeated.
 * Requests that are refused at the same time share one question.
 */
export async function sendConfirmed(
  request: Request,
  send: (request: Request) => Promise<Response>,
): Promise<Response> {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (!ask || isRead) return send(request);
  const again = request.clone(); // sending uses the body up
  const response = await send(request);
  if (!(await needsConfirmation(response))) return response;
  asking ??= ask().finally(() => {
    asking = null;
  });
  return (await asking) ? send(again) : response;
}

async function needsConfirmation(response: Response): Promise<boolean> {
  if (response.status !== 403) return false;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return body !== null && typeof body === 'object' && 'code' in body && body.code === 'confirmation_required';
}
