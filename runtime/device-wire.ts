/**
 * The wire between a phone and Countersign (`/device/v1`): shapes and the two pure functions both ends must share.
 * The server and `sdk/` both read this file; it imports nothing, so that it runs anywhere.
 */

/** Header that carries the request proof of a phone. */
export const DEVICE_PROOF_HEADER = 'device-proof';

/**
 * Header by which the app may tell its version with each request, such as `2.4.1`; needed where the operator has listed
 * the versions that are served.
 */
export const APP_VERSION_HEADER = 'app-version';

/** `typ` of a request proof; other JWS of the same key are never taken for one. */
export const DEVICE_PROOF_TYPE = 'countersign-proof+jwt';

/** `typ` of the proof by which a new signing key shows that it is held (see {@link KeysRequest}). */
export const NEW_KEY_PROOF_TYPE = 'countersign-new-key-proof+jwt';

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
  /** Made by the portal for its user. One of the two: a ticket, or an access token with the application. */
  readonly ticket?: { readonly reference: string; readonly secret: string };
  /** Of the operator's identity provider, a JWT; the user is its `sub`. */
  readonly accessToken?: string;
  readonly applicationId?: string;
  readonly device: {
    /** 64 hexadecimal digits; made once per installation of the app. */
    readonly id: string;
    readonly name: string;
    readonly platform: Platform;
    readonly model?: string;
    readonly osVersion?: string;
  };
  /** The app that enrols; see {@link APP_VERSION_HEADER}. */
  readonly app?: { readonly version: string };
  /** Armored OpenPGP public key, v4, made on the phone. */
  readonly pgpPublicKey: string;
  readonly signingKey: DeviceSigningKey;
  /** Absent: keys only; {@link PushTokenRequest} brings it later. */
  readonly pushToken?: string;
}

export interface EnrolReply {
  readonly enrolmentId: string;
  readonly userId: string;
  readonly applicationId: string;
  /** Armored OpenPGP public key of the server: encrypt answers to it, accept challenges signed by it alone. */
  readonly serverPgpPublicKey: string;
}

/**
 * `PUT /device/v1/push-token`, 204: the first push token of an enrolment, or a new one in place of the old one.
 * `DELETE` of the same address, without a body: no more pushes.
 */
export interface PushTokenRequest {
  readonly pushToken: string;
  /** Required where the enrolment has one: shows that it is this phone that got a new one. */
  readonly oldPushToken?: string;
}

/** `PATCH /device/v1/device`, 204. */
export interface RenameRequest {
  readonly name: string;
}

/**
 * `POST /device/v1/keys`, 204: new keys in place of the old ones, at least one of the two. The request proof is by the
 * old signing key.
 */
export interface KeysRequest {
  readonly pgpPublicKey?: string;
  readonly signingKey?: DeviceSigningKey;
  /**
   * With a new signing key, by that key: a JWS with `typ` {@link NEW_KEY_PROOF_TYPE}, `kid` the enrolment id, and the
   * claims of a request proof of this request, but for `body_sha256`: it is over the text of `pgpPublicKey` (over no
   * bytes when there is none).
   */
  readonly newKeyProof?: string;
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

/**
 * `POST /device/v1/otp`: claims the transaction of a code that the user has read, for this enrolment, and fetches it as
 * {@link FetchRequest} does. The first phone wins.
 */
export interface ClaimRequest extends FetchRequest {
  /** As the portal shows it. */
  readonly otp: string;
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
  readonly method:
    | 'push'
    | 'push_with_pin'
    | 'push_with_fingerprint'
    | 'push_with_custom_authenticator'
    | 'push_with_number'
    /** Approved as `push` is. */
    | 'otp';
  /** What the user must see: the secure message, or the short one where the portal gave none. */
  readonly message: string;
  /** RFC 3339. */
  readonly expiresAt: string;
  /** What is left until then, so that nothing rests on the phone's clock. */
  readonly expiresInMs?: number;
  /** To be repeated in an approval: shows that the approving phone has read this challenge. */
  readonly nonce: string;
  /** How often the user may be wrong in number or PIN, and how often still; absent where the method asks for neither. */
  readonly attempts?: { readonly max: number; readonly left: number };
  /** Shown to the user and signed with the approval, byte for byte, where the type signs. */
  readonly signingData?: string;
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
  /** With an approval, by the method of the challenge. */
  readonly proof?:
    | { readonly kind: 'pin'; readonly signature: string }
    | { readonly kind: 'biometric'; readonly signature: string }
    | { readonly kind: 'custom'; readonly payload?: string }
    | { readonly kind: 'number'; readonly number: string };
  /** With an approval of signing data: base64, ASN.1 DER, by the device signing key. */
  readonly signature?: string;
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
  /**
   * `pin_wrong`, `number_wrong`: may be tried again. `pin_required`: the biometric or custom proof was not taken, and the
   * PIN is asked for in the same transaction. `failed`: it was the last attempt.
   */
  readonly status: 'approved' | 'denied' | 'failed' | 'pin_wrong' | 'pin_required' | 'number_wrong';
  /** With `pin_wrong` and `number_wrong`. */
  readonly attemptsLeft?: number;
  /** What the custom authenticator has to say to the app. */
  readonly custom?: { readonly status: number; readonly data?: string };
}

/** Plain reply (202) to an answer that is kept safe while no worker is there to judge it. */
export interface AnswerRecorded {
  readonly status: 'recorded';
}

/** What a one-time code holds. */
export interface OtpContent {
  readonly transactionId: string;
  /** Proves that the code was read. */
  readonly code: string;
}

/** A one-time code as text: base64 of id and code, which with codes of ours has no character that a link would change. */
export function otpText({ transactionId, code }: OtpContent): string {
  return btoa(`${transactionId}:${code}`);
}

const OTP_CONTENT = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}):([A-Za-z0-9_-]{16,64})$/;

/** Reads a one-time code, alone or at the end of a link; undefined for any other text. */
export function readOtp(text: string): OtpContent | undefined {
  const [otp] = /[A-Za-z0-9]{60,180}={0,2}$/.exec(text.trim()) ?? [];
  if (otp === undefined) return undefined;
  let content: string;
  try {
    content = atob(otp);
  } catch {
    // No base64 after all.
    return undefined;
  }
  const [, transactionId, code] = OTP_CONTENT.exec(content) ?? [];
  return transactionId === undefined || code === undefined ? undefined : { transactionId, code };
}

/** `POST /device/v1/pin-key/challenge`: asks what a change of the PIN must prove the old one over. */
export interface PinChallengeRequest {
  /** 16 to 64 characters, new for each request. */
  readonly requestId: string;
}

/** Inside the sealed reply to {@link PinChallengeRequest}. */
export interface PinChallenge {
  readonly purpose: 'pin_challenge';
  readonly enrolmentId: string;
  /** Echo of the request. */
  readonly requestId: string;
  /** Another one after each change. */
  readonly nonce: string;
  /** Of the last change that came through, for a phone that lost the reply to it. */
  readonly lastChangeId?: string;
}

/** `POST /device/v1/pin-key/change`. Sending the same bytes again is the same change. */
export interface PinChangeRequest {
  /** Armored OpenPGP message holding a {@link PinChange}. */
  readonly change: string;
}

/** Inside a change of the PIN: JSON, padded, signed by the phone's OpenPGP key and encrypted to the server's. */
export interface PinChange {
  readonly purpose: 'pin_change';
  readonly enrolmentId: string;
  /** UUID, made at random by the phone. */
  readonly changeId: string;
  /** Of the {@link PinChallenge}. */
  readonly nonce: string;
  /** Ed25519, base64url: the public half of the new PIN key. */
  readonly publicKey: string;
  /** Base64url, by the old PIN key over {@link pinChangeStatement}. */
  readonly oldSignature: string;
  /** Base64url, by the new PIN key over the same: shows that it is held. */
  readonly newSignature: string;
}

/** Inside the sealed reply (200) to a change of the PIN that was judged. */
export interface PinChangeReply {
  readonly purpose: 'pin_change_reply';
  readonly enrolmentId: string;
  /** Base64url SHA-256 of the change's armored text: which change this replies to. */
  readonly changeSha256: string;
  /** `pin_wrong`: the old PIN was not this one, and may be tried again. `failed`: that was the last attempt, and the enrolment is revoked. */
  readonly status: 'changed' | 'pin_wrong' | 'failed';
  /** With `pin_wrong`. */
  readonly attemptsLeft?: number;
}

/** Size step that hides the length of what is sealed. */
export const PADDING_STEP_BYTES = 256;

/** JSON text of `value`, filled with spaces to the next 256-byte step; JSON parsers ignore them. */
export function padJson(value: unknown): string {
  const json = JSON.stringify(value);
  const bytes = new TextEncoder().encode(json).length;
  return json + ' '.repeat((PADDING_STEP_BYTES - (bytes % PADDING_STEP_BYTES)) % PADDING_STEP_BYTES);
}

/**
 * What a PIN key or a biometric key signs to approve: bound to one challenge of one transaction for one enrolment and to
 * the kind of key, so that a proof is good for nothing else.
 */
export function proofStatement(
  kind: 'pin' | 'biometric',
  challenge: Pick<Challenge, 'transactionId' | 'enrolmentId' | 'nonce'>,
): string {
  return [`countersign-${kind}-v1`, challenge.transactionId, challenge.enrolmentId, challenge.nonce, 'approve'].join(
    '\n',
  );
}

/** What the old and the new PIN key sign to change the PIN: bound to one enrolment, one old key and one new one. */
export function pinChangeStatement(
  change: Pick<PinChange, 'enrolmentId' | 'changeId' | 'nonce' | 'publicKey'>,
): string {
  return ['countersign-pin-change-v1', change.enrolmentId, change.changeId, change.nonce, change.publicKey].join('\n');
}

/**
 * What leads a phone to a transaction by a picture in place of a push: hexadecimal of `countersign:transaction:` and the
 * id, which is no secret.
 */
export function transactionMessageOf(transactionId: string): string {
  return toHex(new TextEncoder().encode(TRANSACTION_PREFIX + transactionId));
}

/** The id of a {@link transactionMessageOf}; undefined for any other text. */
export function readTransactionMessage(text: string): string | undefined {
  const content = new TextDecoder().decode(fromHex(text));
  const id = content.startsWith(TRANSACTION_PREFIX) ? content.slice(TRANSACTION_PREFIX.length) : '';
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? id : undefined;
}

const TRANSACTION_PREFIX = 'countersign:transaction:';

/**
 * Inside a sealed visual challenge, which a phone reads without a connection, and inside the reply to digits.
 * Short, as a picture must hold it.
 */
export interface CodeChallenge {
  readonly purpose: 'code_challenge';
  readonly enrolmentId: string;
  /** What the user must see. */
  readonly message: string;
  /** RFC 3339. */
  readonly issuedAt: string;
  readonly expiresAt: string;
  /** To be typed at the portal, should the user agree. */
  readonly otp: string;
}

/** `POST /device/v1/challenge-codes`: the code to digits that the portal shows. Sealed reply: a {@link CodeChallenge}. */
export interface DigitsRequest {
  readonly digits: string;
}

/** An armored OpenPGP message as hexadecimal capitals, which pictures hold with the least room. */
export function hexOfMessage(armored: string): string {
  const [, body = ''] = armored.replaceAll('\r', '').split('\n\n');
  const lines = body.split('\n').filter((line) => !line.startsWith('=') && !line.startsWith('-'));
  return toHex(Uint8Array.from(atob(lines.join('')), (character) => character.charCodeAt(0)));
}

/** The armored OpenPGP message of {@link hexOfMessage}; of any other text something that is none. */
export function messageOfHex(hex: string): string {
  const base64 = btoa(String.fromCharCode(...fromHex(hex)));
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PGP MESSAGE-----', '', ...lines, '-----END PGP MESSAGE-----', ''].join('\n');
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

/** Longest text that a picture holds. */
const MAX_HEX = 8_192;

/** No bytes for a text that is no hexadecimal. */
function fromHex(text: string): Uint8Array {
  const hex = text.trim();
  if (hex.length > MAX_HEX || !/^([0-9A-Fa-f]{2})+$/.test(hex)) return new Uint8Array();
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** An enrolment ticket as one text, as the OneSpan surface hands it out. */
export function activationPasswordOf({ reference, secret }: Pick<EnrolmentTicket, 'reference' | 'secret'>): string {
  return `${reference}.${secret}`;
}

/** The enrolment ticket that an activation password holds; undefined for any other text. */
export function readActivationPassword(text: string): Pick<EnrolmentTicket, 'reference' | 'secret'> | undefined {
  const [, reference, secret] = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{43})$/.exec(text.trim()) ?? [];
  return reference === undefined || secret === undefined ? undefined : { reference, secret };
}
