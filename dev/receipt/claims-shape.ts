import { z } from 'zod';
import { RECEIPT_ISSUER } from '../../activities/receipt-claims.ts';
import { DoesNotHold } from './does-not-hold.ts';

const text = z.string().min(1);
const sha256 = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'is no base64url SHA-256');
const moment = z.iso.datetime({ error: 'is no RFC 3339 time in UTC' });

/** Who was asked; all of them, except where a code asked and no phone has read it. */
const ASKED = ['user_id', 'application_id', 'device_id', 'enrolment_id'] as const;

/** SMS may ask a user who has no phone with us. */
const ASKED_BY_SMS = ['user_id'] as const;

/** More claims may come: those that are not known are left alone. */
const CLAIMS = z
  .looseObject({
    iss: z.literal(RECEIPT_ISSUER),
    iat: z.int().positive(),
    transaction_id: z.guid(),
    client_id: text,
    user_id: text.optional(),
    application_id: text.optional(),
    device_id: text.optional(),
    enrolment_id: z.guid().optional(),
    type: text,
    policy_version: z.int().positive(),
    method: text,
    outcome: z.looseObject({
      status: z.enum(['approved', 'denied', 'failed', 'expired', 'cancelled']),
      by: text.optional(),
      reason: text.optional(),
    }),
    shown_sha256: sha256,
    signing_data_sha256: sha256.optional(),
    signing_data_signature: text.optional(),
    user_public_key: text.optional(),
    device_key_thumbprint: sha256.optional(),
    device_pgp_fingerprint: z
      .string()
      .regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, 'is no OpenPGP fingerprint')
      .optional(),
    answer: text.optional(),
    answer_sha256: sha256.optional(),
    created_at: moment,
    expires_at: moment,
    settled_at: moment,
  })
  .check(({ value, issues }) => {
    if (value.method === 'otp' && value.answer_sha256 === undefined) return;
    for (const name of value.method === 'sms' ? ASKED_BY_SMS : ASKED) {
      if (value[name] === undefined) issues.push({ code: 'custom', input: value, path: [name], message: 'is missing' });
    }
  });

export type CheckedClaims = z.infer<typeof CLAIMS>;

/** The claims of a payload. Throws {@link DoesNotHold}, named for the claim, when one is missing or malformed. */
export function parseClaims(payload: string): CheckedClaims {
  const parsed = CLAIMS.safeParse(parseJson(payload));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new DoesNotHold(issue?.path.join('.') || 'claims', issue?.message ?? 'the claims have another form');
}

function parseJson(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    // Signed, but no JSON: no receipt.
    throw new DoesNotHold('claims', 'the content is no JSON');
  }
}
