/** What secrets of Standard Webhooks begin with. */
export const WEBHOOK_SECRET_PREFIX = 'whsec_';

/** A secret of Standard Webhooks: `whsec_` and the base64 of 24 to 64 bytes. */
export function isWebhookSecret(text: string): boolean {
  if (!text.startsWith(WEBHOOK_SECRET_PREFIX)) return false;
  const encoded = text.slice(WEBHOOK_SECRET_PREFIX.length);
  const key = Buffer.from(encoded, 'base64');
  // Node passes over what is not base64.
  return key.toString('base64') === encoded && key.length >= 24 && key.length <= 64;
}
