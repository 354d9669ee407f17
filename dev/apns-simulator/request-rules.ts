import type { IncomingHttpHeaders } from 'node:http2';
import type { ApnsReason } from './reasons.ts';

const PAYLOAD_LIMIT_BYTES = 4_096;
const VOIP_PAYLOAD_LIMIT_BYTES = 5_120;
const COLLAPSE_ID_LIMIT_BYTES = 64;
const PUSH_TYPES = [
  ...['alert', 'background', 'complication', 'controls', 'fileprovider', 'liveactivity', 'location', 'mdm'],
  ...['pushtotalk', 'voip', 'widgets'],
];
const CANONICAL_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A request as it came; `rawHeaders` has names and values in turn, repeated ones too. */
export interface ApnsRequest {
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** The device token of the path; a reason when there is none. */
export function readPath(method: unknown, path: unknown): { readonly token: string } | { readonly reason: ApnsReason } {
  const [, token] = /^\/3\/device\/([^/?#]*)$/.exec(typeof path === 'string' ? path : '') ?? [];
  if (token === undefined) return { reason: 'BadPath' };
  if (method !== 'POST') return { reason: 'MethodNotAllowed' };
  return token === '' ? { reason: 'MissingDeviceToken' } : { token };
}

/** What is wrong with the headers of a push, or undefined; the provider token is looked at elsewhere. */
export function findHeaderFault({ headers, rawHeaders }: ApnsRequest): ApnsReason | undefined {
  const names = rawHeaders.filter((_text, index) => index % 2 === 0).map((name) => name.toLowerCase());
  if (new Set(names).size < names.length) return 'DuplicateHeaders';
  const read = (name: string): string | undefined => headers[`apns-${name}`] as string | undefined;
  const [id, type, topic] = [read('id'), read('push-type'), read('topic')];
  if (id !== undefined && !CANONICAL_UUID.test(id)) return 'BadMessageId';
  const expiration = read('expiration');
  if (expiration !== undefined && !/^\d{1,15}$/.test(expiration)) return 'BadExpirationDate';
  const priority = read('priority');
  if (priority !== undefined && !['1', '5', '10'].includes(priority)) return 'BadPriority';
  if (type === 'background' && priority !== '5') return 'BadPriority';
  if (Buffer.byteLength(read('collapse-id') ?? '') > COLLAPSE_ID_LIMIT_BYTES) return 'BadCollapseId';
  if (type !== undefined && !PUSH_TYPES.includes(type)) return 'InvalidPushType';
  if (topic === undefined || topic === '') return 'MissingTopic';
  return /^[A-Za-z0-9.-]{1,155}$/.test(topic) ? undefined : 'BadTopic';
}

/** The payload as an object; a reason when it is none that an app could get. */
export function readPayload({
  headers,
  body,
}: ApnsRequest): { readonly payload: Readonly<Record<string, unknown>> } | { readonly reason: ApnsReason } {
  const limit = headers['apns-push-type'] === 'voip' ? VOIP_PAYLOAD_LIMIT_BYTES : PAYLOAD_LIMIT_BYTES;
  if (body.length > limit) return { reason: 'PayloadTooLarge' };
  try {
    const payload: unknown = JSON.parse(body.toString());
    const { aps } = payload as { aps?: unknown };
    if (typeof aps === 'object' && aps !== null) return { payload: payload as Record<string, unknown> };
  } catch {
    // No JSON, or JSON of nothing: empty for whoever reads dictionaries.
  }
  return { reason: 'PayloadEmpty' };
}
