const TIMEOUT_MS = 15_000;

/** A refusal, or a failure on the way (status 0). */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, description: string) {
    super(description);
    this.status = status;
    this.code = code;
  }
}

/** Calls our own origin and reads JSON. Throws an {@link ApiRefusal} for everything but success. */
export async function callApi<Reply>(method: string, path: string, body?: object): Promise<Reply> {
  const init = {
    method,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  };
  const response = await fetch(path, init).catch(() => {
    throw new ApiRefusal(0, 'network_failed', 'The server can not be reached.');
  });
  if (response.status === 204) return undefined as Reply;
  const reply = await response.json().catch(() => {
    if (response.ok) throw new ApiRefusal(0, 'network_failed', 'The reply of the server broke off.');
    return {}; // a refusal by something in between: its status tells all there is
  });
  if (response.ok) return reply as Reply;
  throw new ApiRefusal(response.status, String(reply.code ?? ''), String(reply.description ?? reply.title ?? ''));
}
