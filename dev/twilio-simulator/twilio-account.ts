import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { keepSecret } from '../secret-file.ts';

/** The only account of the simulated service. */
export interface TwilioAccount {
  readonly accountSid: string;
  readonly authToken: string;
  readonly apiKeySid: string;
  readonly apiKeySecret: string;
  readonly messagingServiceSid: string;
  /** The account's numbers, E.164. */
  readonly numbers: readonly string[];
}

/** The number that the real service gives to its test accounts. */
export const SIMULATED_NUMBER = '+15005550006';

export function createTwilioAccount(): TwilioAccount {
  const hex = (): string => randomBytes(16).toString('hex');
  return {
    accountSid: `AC${hex()}`,
    authToken: hex(),
    apiKeySid: `SK${hex()}`,
    apiKeySecret: randomBytes(24).toString('base64url'),
    messagingServiceSid: `MG${hex()}`,
    numbers: [SIMULATED_NUMBER],
  };
}

/** The account kept in this file, made the first time. */
export function keepTwilioAccount(path: string): TwilioAccount {
  return JSON.parse(keepSecret(path, () => JSON.stringify(createTwilioAccount())));
}

/** True for HTTP Basic with the account's token, or with its API key. */
export function mayUse(account: TwilioAccount, authorization: string | undefined): boolean {
  const encoded = /^basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1] ?? '';
  const given = Buffer.from(encoded, 'base64').toString();
  return (
    isSame(given, `${account.accountSid}:${account.authToken}`) ||
    isSame(given, `${account.apiKeySid}:${account.apiKeySecret}`)
  );
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
