import { importPKCS8 } from 'jose';
import { z } from 'zod';

/** Says whether a provider could work with these settings; the reason names the field and never its value. */
export type CheckPushSettings = (
  provider: string,
  settings: unknown,
) => Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string }>;

/** A service account key of Google Cloud, as the console gives it as a file; other fields of it are of no use here. */
const fcmHttpV1Settings = z.strictObject({
  serviceAccount: z.looseObject({
    project_id: z.string().min(1),
    private_key_id: z.string().min(1),
    private_key: z.string().min(1),
    client_email: z.string().min(1),
    token_uri: z.url({ protocol: /^https?$/ }),
  }),
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
});

/** Checks what can be checked without asking the provider. */
export const checkPushSettings: CheckPushSettings = async (provider, settings) => {
  if (provider !== 'fcm_http_v1') return { ok: false, reason: 'provider: is not known' };
  const parsed = fcmHttpV1Settings.safeParse(settings);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { ok: false, reason: `${issue?.path.join('.') || 'settings'}: ${issue?.message}` };
  }
  try {
    await importPKCS8(parsed.data.serviceAccount.private_key, 'RS256');
    return { ok: true };
  } catch {
    // What the library says of a key may quote it.
    return { ok: false, reason: 'serviceAccount.private_key: is no RSA key in PKCS#8 PEM' };
  }
};
