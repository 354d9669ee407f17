/**
 * The wire between a phone and Countersign (`/device/v1`): shapes and the two pure functions both ends must share.
 * The server and `sdk/` both read this file; it imports nothing, so that it runs anywhere.
 */

/** Header that carries the request proof of a phone. */
export const DEVICE_PROOF_HEADER = 'device-proof';

/** `typ` of a request proof; other JWS of the same key are never taken for one. */
export const DEVICE_PROOF_TYPE = 'countersign-proof+jwt';

/**
 * Claims of a request proof: a compact JWS, ES256, made anew for each request (after RFC 9449, DPoP).
 * The protected header holds `typ`, `alg` and `kid` (the enrolment id), or at enrolment `jwk` in place of `kid`.
 */
export interface DeviceProofClaims {
  /** HTTP method, upper case. */
  readonly htm: string;
  /** Address of the request without query and fragment. */
  readonly htu: string;
  /** When the proof was made, seconds since the epoch. Accepted 60 s around the server's time. */
  readonly iat: number;
  /** Unique id of this proof; a second use is refused. */
  readonly jti: string;
  /** Base64url SHA-256 of the exact bytes of the body (of no bytes when there is none). */
  readonly body_sha256: string;
}

export type Platform = 'android' | 'ios';

/** Public half of a P-256 signing key. */
export interface DeviceSigningKey {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

/** What the portal's API client gets when it makes a ticket, and hands to its user. */
export interface EnrolmentTicket {
  /** Names the ticket; harmless on its own. */
  readonly reference: string;
  /** Proves that the ticket is held; shown once, valid once. */
  readonly secret: string;
  readonly userId: string;
  readonly applicationId: string;
  /** RFC 3339. */
  readonly expiresAt: string;
}

/** `POST /device/v1/enrolments`: binds a phone to the user that the ticket names. */
export interface EnrolRequest {
  readonly ticket: { readonly reference: string; readonly secret: string };
  readonly device: {
    /** 64 hexadecimal digits; made once per installation of the app. */
    readonly id: string;
    readonly name: string;
    readonly platform: Platform;
    readonly model?: string;
    readonly osVersion?: string;
  };
  /** Armored OpenPGP public key, v4, made on the phone. */
  readonly pgpPublicKey: string;
  readonly signingKey: DeviceSigningKey;
  readonly pushToken: string;
}

export interface EnrolReply {
  readonly enrolmentId: string;
  readonly userId: string;
  readonly applicationId: string;
  /** Armored OpenPGP public key of the server: encrypt answers to it, accept challenges signed by it alone. */
  readonly serverPgpPublicKey: string;
}

/** `GET /device/v1/transactions`: what waits for this enrolment, newest first. Nothing here is confidential. */
export interface PendingList {
  readonly transactions: readonly PendingTransaction[];
}

export interface PendingTransaction {
  readonly transactionId: string;
  readonly userId: string;
  /** The short message, as in the push. */
  readonly message: string;
  /** RFC 3339. */
  readonly sentAt: string;
  /** RFC 3339; an answer after this moment is refused. */
  readonly expiresAt: string;
  readonly timeToLiveSeconds: number;
}

/** `data.content` of a push, as a JSON string (names as in the vendor's SDKs). */
export interface PushContent {
  readonly og_transaction_id: string;
  /** The user. */
  readonly og_profile_id: string;
  /** The short message; nothing confidential travels in a push. */
  readonly og_message: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly timeToLiveSeconds: number;
}

/** `POST /device/v1/transactions/{id}/fetch`. The same `requestId` again gives the same challenge; another one is refused. */
export interface FetchRequest {
  readonly requestId: string;
}

/** Replies whose content is confidential: an armored OpenPGP message, encrypted to the phone, signed by the server. */
export interface SealedReply {
  readonly message: string;
}

/** Inside the sealed reply to a fetch. */
export interface Challenge {
  readonly purpose: 'challenge';
  readonly transactionId: string;
  readonly enrolmentId: string;
  /** Echo of the request, so that an old reply can not be passed off as this one. */
  readonly requestId: string;
  /** Name of the configured type. */
  readonly type: string;
  readonly method: 'push';
  /** What the user must see: the secure message, or the short one where the portal gave none. */
  readonly message: string;
  /** RFC 3339. */
  readonly expiresAt: string;
  /** To be repeated in an approval: shows that the approving phone has read this challenge. */
  readonly nonce: string;
}

export type Decision = 'approve' | 'deny';
export type DenialReason = 'not_me' | 'cancelled';

/** Inside an answer: JSON, padded, signed by the phone's OpenPGP key and encrypted to the server's. */
export interface Answer {
  readonly purpose: 'answer';
  readonly transactionId: string;
  readonly enrolmentId: string;
  readonly decision: Decision;
  /** Only with a denial. */
  readonly reason?: DenialReason;
  /** `nonce` of the challenge; required to approve, absent when denied unopened. */
  readonly nonce?: string;
  /** RFC 3339, the phone's clock. */
  readonly answeredAt: string;
}

/** `POST /device/v1/transactions/{id}/answer`. Sending the same bytes again is the same answer. */
export interface AnswerRequest {
  /** Armored OpenPGP message holding an {@link Answer}. */
  readonly answer: string;
}

/** Inside the sealed reply (200) to an answer that was taken. */
export interface AnswerReply {
  readonly purpose: 'answer_reply';
  readonly transactionId: string;
  readonly enrolmentId: string;
  /** Base64url SHA-256 of the answer's armored text: which answer this replies to. */
  readonly answerSha256: string;
  readonly status: 'approved' | 'denied';
}

/** Plain reply (202) to an answer that is kept safe while no worker is there to judge it. */
export interface AnswerRecorded {
  readonly status: 'recorded';
}

/** Size step that hides the length of what is sealed. */
export const PADDING_STEP_BYTES = 256;

/** JSON text of `value`, filled with spaces to the next 256-byte step; JSON parsers ignore them. */
export function padJson(value: unknown): string {
  const json = JSON.stringify(value);
  const bytes = new TextEncoder().encode(json).length;
  return json + ' '.repeat((PADDING_STEP_BYTES - (bytes % PADDING_STEP_BYTES)) % PADDING_STEP_BYTES);
}
