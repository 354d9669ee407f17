import { APP_VERSION_HEADER, DEVICE_PROOF_HEADER } from '../runtime/device-wire.ts';
import { DeviceError, localError } from './errors.ts';
import { errorOfReply } from './problem.ts';
import { readBody } from './read-body.ts';
import { makeRequestProof, type ProofSigner } from './request-proof.ts';
import type { ServerClock } from './server-clock.ts';
import { type RetryRules, withRetries } from './with-retries.ts';

/** How the client reaches the server. */
export interface Transport extends Omit<RetryRules, 'giveUpAtMs' | 'now'> {
  /** Epoch ms by the phone's own clock, for what the phone keeps. */
  readonly now: () => number;
  /** For what the server judges. */
  readonly serverClock: ServerClock;
  /** Without a trailing slash. */
  readonly serverUrl: string;
  readonly fetch: typeof fetch;
  readonly requestTimeoutMs: number;
  /** Told with each request where it is known. */
  readonly appVersion?: string;
}

export interface DeviceRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the server's root, with a leading slash. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signer: ProofSigner;
  /** Past this moment (epoch ms, by the server's clock) a failed request is not tried again. */
  readonly giveUpAtMs?: number;
}

export interface DeviceReply {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Sends one request, with a fresh proof for each try.
 * Only what may pass (no connection, 503) is tried again, and what was refused for the phone's clock, by the server's;
 * every other refusal is thrown at once as a {@link DeviceError}.
 */
export async function sendRequest(transport: Transport, request: DeviceRequest): Promise<DeviceReply> {
  const body = request.body === undefined ? '' : JSON.stringify(request.body);
  const { wait, serverClock } = transport;
  const rules = {
    wait,
    now: serverClock.now,
    ...(request.giveUpAtMs !== undefined && { giveUpAtMs: request.giveUpAtMs }),
  };
  return withRetries(() => tryByServerClock(transport, request, body), rules);
}

/** Once more at the most: where servers differ about the time, following each in turn would never end. */
async function tryByServerClock(transport: Transport, request: DeviceRequest, body: string): Promise<DeviceReply> {
  const first = await tryOnce(transport, request, body);
  if (first.reply) return first.reply;
  const { error, response } = first;
  if (!isRefusedForClock(error) || !transport.serverClock.learnFrom(response)) throw error;
  const second = await tryOnce(transport, request, body);
  if (second.reply) return second.reply;
  throw second.error;
}

type Tried =
  | { readonly reply: DeviceReply }
  | { readonly reply?: never; readonly error: DeviceError; readonly response: Response };

async function tryOnce(transport: Transport, request: DeviceRequest, body: string): Promise<Tried> {
  const address = transport.serverUrl + request.path;
  const proven = { method: request.method, address, body };
  const proof = await makeRequestProof(request.signer, proven, transport.serverClock.now());
  const { response, text } = await exchange(transport, address, {
    method: request.method,
    headers: {
      accept: 'application/json',
      [DEVICE_PROOF_HEADER]: proof,
      ...(transport.appVersion !== undefined && { [APP_VERSION_HEADER]: transport.appVersion }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body }),
    // A proof is for one address; it is not carried to another one.
    redirect: 'error',
    cache: 'no-store',
    credentials: 'omit',
    signal: AbortSignal.timeout(transport.requestTimeoutMs),
  });
  if (!response.ok) return { error: errorOfReply(response, text, transport.serverClock.now()), response };
  const replied = response.status === 204 ? undefined : parseReply(response, text);
  return { reply: { status: response.status, body: replied } };
}

/** True where the server found a proof too old or of the future. */
export function isRefusedForClock(error: unknown): boolean {
  return error instanceof DeviceError && error.code === 'proof_invalid' && error.detail === 'iat';
}

async function exchange(
  transport: Transport,
  address: string,
  init: RequestInit,
): Promise<{ response: Response; text: string }> {
  try {
    const response = await transport.fetch(address, init);
    return { response, text: await readBody(response) };
  } catch (cause) {
    throw connectionError(cause);
  }
}

/** `fetch` rejects with the same kind of error for everything; Node tells the reason below it, browsers do not. */
function connectionError(cause: unknown): DeviceError {
  if (cause instanceof DeviceError) return cause;
  if (fieldOf(cause, 'name') === 'TimeoutError') {
    return localError('network_failed', 'The server did not answer in time.', { cause });
  }
  const reason = fieldOf(fieldOf(cause, 'cause'), 'code');
  if (reason === 'ECONNREFUSED' || reason === 'ENOTFOUND') {
    return localError('server_unreachable', 'Nothing answers at the address of the server.', { cause });
  }
  return localError('network_failed', 'The connection to the server failed.', { cause });
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function parseReply(response: Response, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw localError('reply_malformed', 'The reply is not JSON.', { status: response.status, cause });
  }
}
