import { ApiRefusal } from '../kit/call-api.ts';

const TIMEOUT_MS = 20_000;

/** A field of a document that was not accepted. */
export interface FieldProblem {
  /** JSON pointer as a fragment, such as `#/name`. */
  readonly pointer: string;
  readonly detail: string;
}

/** How to log in here. */
export type LogInKind = 'oidc' | 'local' | 'none';

/** A problem (RFC 9457) that the server told of. */
export interface Problem {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly FieldProblem[];
  /** With `session_required`. */
  readonly login?: LogInKind;
}

/** A refusal with all that the server said of it. */
export class ConsoleRefusal extends ApiRefusal {
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(status, problem.code ?? '', problem.title ?? 'The server does not answer as it should.');
    this.problem = problem;
  }
}

export interface CallOptions {
  readonly body?: object;
  /** Entity tag of the state that is changed. */
  readonly etag?: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** The page asks, and nobody did anything: it does not prolong the session. */
  readonly isByItself?: boolean;
}

export interface Answer<Body> {
  readonly body: Body;
  readonly etag: string | undefined;
}

/** Calls our own origin as the operator who is logged in. Throws a {@link ConsoleRefusal} for everything but success. */
export async function callConsole<Body>(
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<Answer<Body>> {
  const response = await request(method, path, options);
  const text = await response.text();
  return {
    body: (text === '' ? undefined : JSON.parse(text)) as Body,
    etag: response.headers.get('etag') ?? undefined,
  };
}

/** The same for a reply that is no JSON. */
export async function request(method: string, path: string, options: CallOptions = {}): Promise<Response> {
  const { body, etag, signal, isByItself, timeoutMs = TIMEOUT_MS } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const response = await fetch(path, {
    method,
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    // Other sites' forms can not send it.
    headers: {
      'console-request': isByItself ? 'poll' : '1',
      ...(body && { 'content-type': 'application/json' }),
      ...(etag !== undefined && { 'if-match': etag }),
    },
    ...(body && { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ConsoleRefusal(0, { code: 'network_failed', title: 'The server can not be reached.' });
  });
  if (response.ok) return response;
  throw new ConsoleRefusal(response.status, problemOf(await response.json().catch(() => ({}))));
}

/** The events API tells its errors as its vendor does. */
function problemOf(body: Problem & { readonly error_code?: string; readonly description?: string }): Problem {
  if (body.error_code === undefined) return body;
  return { code: body.error_code, ...(body.description !== undefined && { title: body.description }) };
}
