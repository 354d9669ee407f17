import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { checkSettings } from './check-settings.ts';
import { proxyUrlSchema } from './open-tunnel.ts';
import type { SettingsCheck } from './push-client.ts';

const tenLetters = z.string().regex(/^[A-Z0-9]{10}$/, 'must be ten capital letters and digits');

const host = z
  .url({ protocol: /^https$/, error: 'must be an address that begins with https://' })
  .transform((text) => new URL(text).origin);

const settingsSchema = z.strictObject({
  /** Of the Apple developer account. */
  teamId: tenLetters,
  /** Id of the token signing key. */
  keyId: tenLetters,
  /** The `.p8` file: PKCS #8, PEM. */
  privateKey: z.string().refine(isP256Key, 'must be the PEM of a P-256 private key (the .p8 file)'),
  /** Apple's own hosts by default. */
  endpoints: z
    .strictObject({
      production: host.default('https://api.push.apple.com'),
      development: host.default('https://api.sandbox.push.apple.com'),
    })
    .prefault({}),
  /** PEM of what is trusted in place of the public authorities, where the endpoints are others. */
  certificateAuthority: z.string().includes('-----BEGIN CERTIFICATE-----').optional(),
  /** In place of the installation's proxy; null for none. */
  proxyUrl: proxyUrlSchema.nullable().optional(),
});

export type ApnsSettings = z.infer<typeof settingsSchema>;

/** Throws `SyntaxError` or `ZodError`. */
export const readApnsSettings = (json: string): ApnsSettings => settingsSchema.parse(JSON.parse(json));

export const checkApnsSettings = (settings: unknown): SettingsCheck => checkSettings(settingsSchema, settings);

function isP256Key(pem: string): boolean {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
    return asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false; // not a key, which is what is asked
  }
}
