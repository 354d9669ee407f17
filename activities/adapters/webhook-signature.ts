import { createHmac } from 'node:crypto';

const SECRET_PREFIX = 'whsec_';

/** A secret of Standard Webhooks: `whsec_` and the base64 of 24 to 64 bytes. */
export function isWebhookSecret(text: string): boolean {
  if (!text.startsWith(SECRET_PREFIX)) return false;
  const encoded = text.slice(SECRET_PREFIX.length);
  const key = Buffer.from(encoded, 'base64');
  // Node passes over what is not base64.
  return key.toString('base64') === encoded && key.length >= 24 && key.length <= 64;
}

export interface SignedContent {
  /** The same in every attempt: by it a portal knows what it has heard before. */
  readonly id: string;
  /** Of this attempt, seconds since the epoch. */
  readonly timestampSeconds: number;
  readonly body: string;
}

/**
 * The headers of Standard Webhooks 1.0 (standardwebhooks.com): `webhook-signature` holds one `v1` signature, HMAC-SHA256
 * over `id.timestamp.body`, for each secret.
 */
export function webhookHeaders(
  { id, timestampSeconds, body }: SignedContent,
  secrets: readonly string[],
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const content = `${id}.${timestampSeconds}.${body}`;
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signatures.join(' '),
  };
}
