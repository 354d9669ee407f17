import { fromHex, toHex } from './hexadecimal.ts';

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
