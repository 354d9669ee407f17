import { createHmac } from 'node:crypto';
import { WEBHOOK_SECRET_PREFIX } from '../../runtime/webhook-secret.ts';

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
    const key = Buffer.from(secret.slice(WEBHOOK_SECRET_PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signatures.join(' '),
  };
}
