import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { checkSettings } from './check-settings.ts';
import { proxyUrlSchema } from './open-tunnel.ts';
import type { SettingsCheck } from './push-client.ts';

/** Push tokens and credentials travel there: in the clear to this machine only. */
const secureUrl = z
  .url({ protocol: /^https?$/, error: 'must be an address that begins with https://' })
  .refine((text) => isHttpsOrLoopback(text), 'must begin with https://')
  .transform((text) => text.replace(/\/+$/, ''));

function isHttpsOrLoopback(text: string): boolean {
  // What is no address at all is told by the check before this one.
  if (!URL.canParse(text)) return true;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}

/** What both generations of FCM have in common. */
const common = {
  /** `data`: the app's own code always gets it. With a notification, the system shows it while the app is away. */
  content: z.enum(['data', 'notification_and_data']).default('data'),
  /** Title of notifications. */
  notificationTitle: z.string().min(1).max(100).optional(),
  /** In place of the installation's proxy; null for none. */
  proxyUrl: proxyUrlSchema.nullable().optional(),
};

const OFFICIAL_ENDPOINT = 'https://fcm.googleapis.com';

const httpV1Schema = z
  .strictObject({
    ...common,
    /** The key file of the Google console, as it is; other fields of it are not needed. */
    serviceAccount: z.object({
      type: z.literal('service_account').optional(),
      project_id: z.string().min(1),
      private_key_id: z.string().min(1),
      private_key: z.string().refine(isRsaKey, 'must be the PEM of an RSA private key of at least 2048 bits'),
      client_email: z.string().min(1),
      token_uri: secureUrl,
    }),
    /** Origin of the FCM service. */
    endpoint: secureUrl.default(OFFICIAL_ENDPOINT),
    /** Our own client, or Google's SDK. */
    transport: z.enum(['http', 'firebase-admin']).default('http'),
  })
  .refine(({ transport, endpoint }) => transport === 'http' || endpoint === OFFICIAL_ENDPOINT, {
    path: ['endpoint'],
    message: `the transport firebase-admin calls ${OFFICIAL_ENDPOINT} and no other`,
  });

const legacySchema = z.strictObject({
  ...common,
  /** The key for server applications. */
  serverKey: z.string().regex(/^[\x21-\x7e]{20,512}$/, 'must be 20 to 512 characters without spaces'),
  endpoint: secureUrl.default(`${OFFICIAL_ENDPOINT}/fcm/send`),
});

export type FcmHttpV1Settings = z.infer<typeof httpV1Schema>;
export type FcmLegacySettings = z.infer<typeof legacySchema>;

/** Throws `SyntaxError` or `ZodError`. */
export const readFcmHttpV1Settings = (json: string): FcmHttpV1Settings => httpV1Schema.parse(JSON.parse(json));

/** Throws `SyntaxError` or `ZodError`. */
export const readFcmLegacySettings = (json: string): FcmLegacySettings => legacySchema.parse(JSON.parse(json));

export const checkFcmHttpV1Settings = (settings: unknown): SettingsCheck => checkSettings(httpV1Schema, settings);

export const checkFcmLegacySettings = (settings: unknown): SettingsCheck => checkSettings(legacySchema, settings);

function isRsaKey(pem: string): boolean {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
    return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
  } catch {
    return false; // not a key, which is what is asked
  }
}
