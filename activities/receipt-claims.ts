import type { AuthenticationMethod, FinalState } from '../workflows/domain/transaction.ts';
import type { Evidence, PendingTransaction } from './ports.ts';

/** Who makes receipts; the worker knows no address of its own. */
export const RECEIPT_ISSUER = 'countersign';

/** Claims of a receipt (docs/evidence.md). Names are never changed; claims are added. */
export interface ReceiptClaims {
  readonly iss: typeof RECEIPT_ISSUER;
  /** When the receipt was made, by the database's clock, seconds since the epoch. */
  readonly iat: number;
  readonly transaction_id: string;
  readonly client_id: string;
  /**
   * The four are absent where nobody was asked by name and no phone has claimed the transaction; the last three where it
   * was asked by SMS alone.
   */
  readonly user_id?: string;
  readonly application_id?: string;
  readonly device_id?: string;
  readonly enrolment_id?: string;
  readonly type: string;
  readonly policy_version: number;
  /** The method really used. */
  readonly method: AuthenticationMethod;
  readonly outcome: { readonly status: FinalState['status']; readonly by?: string; readonly reason?: string };
  /** Base64url SHA-256 of the text that the phone was to show. */
  readonly shown_sha256: string;
  /** Base64url SHA-256 of the data that was to be signed, where there is any. */
  readonly signing_data_sha256?: string;
  /** Base64, ASN.1 DER: the phone's signature over that data, with its key (PEM); where it was approved. */
  readonly signing_data_signature?: string;
  readonly user_public_key?: string;
  /** RFC 7638 thumbprint of the enrolment's signing key; absent, as the next one, when the enrolment is gone. */
  readonly device_key_thumbprint?: string;
  /** Fingerprint of the enrolment's OpenPGP key, hexadecimal, lower case. */
  readonly device_pgp_fingerprint?: string;
  /** Armored OpenPGP message that decided, as it came; with its base64url SHA-256. */
  readonly answer?: string;
  readonly answer_sha256?: string;
  /** RFC 3339, as the two below. */
  readonly created_at: string;
  readonly expires_at: string;
  readonly settled_at: string;
}

/** What the receipt of this outcome says. */
export function receiptClaimsOf(
  transaction: PendingTransaction,
  devicePgpFingerprint: string | null,
  outcome: FinalState,
  evidence: Evidence | undefined,
): ReceiptClaims {
  return {
    iss: RECEIPT_ISSUER,
    iat: Math.floor(transaction.nowMs / 1000),
    transaction_id: transaction.transactionId,
    client_id: transaction.clientId,
    ...askedClaimsOf(transaction),
    type: transaction.typeName,
    policy_version: transaction.policyVersion,
    method: outcome.status === 'approved' ? outcome.method : transaction.method,
    outcome: {
      status: outcome.status,
      ...('by' in outcome && { by: outcome.by }),
      ...('reason' in outcome && outcome.reason && { reason: outcome.reason }),
    },
    shown_sha256: transaction.shownSha256,
    ...(transaction.signingDataSha256 && { signing_data_sha256: transaction.signingDataSha256 }),
    ...signingClaimsOf(outcome),
    ...(transaction.deviceKeyThumbprint && { device_key_thumbprint: transaction.deviceKeyThumbprint }),
    ...(devicePgpFingerprint && { device_pgp_fingerprint: devicePgpFingerprint }),
    ...(evidence && { answer: evidence.answer, answer_sha256: evidence.answerSha256 }),
    created_at: rfc3339(transaction.createdAtMs),
    expires_at: rfc3339(transaction.expiresAtMs),
    settled_at: rfc3339(outcome.settledAtMs),
  };
}

function askedClaimsOf(
  transaction: PendingTransaction,
): Pick<ReceiptClaims, 'user_id' | 'application_id' | 'device_id' | 'enrolment_id'> {
  const { userId, applicationId, deviceId, enrolmentId } = transaction;
  return {
    ...(userId !== null && { user_id: userId }),
    ...(applicationId !== null && { application_id: applicationId }),
    ...(deviceId !== null && { device_id: deviceId }),
    ...(enrolmentId !== null && { enrolment_id: enrolmentId }),
  };
}

function signingClaimsOf(outcome: FinalState): Pick<ReceiptClaims, 'signing_data_signature' | 'user_public_key'> {
  if (outcome.status !== 'approved' || !outcome.signed) return {};
  return { signing_data_signature: outcome.signed.signature, user_public_key: outcome.signed.userPublicKey };
}

function rfc3339(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
