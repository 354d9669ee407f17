import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import type { Keyring } from './keyring.ts';
import { takeTurns } from './take-turns.ts';

/** Argon2id as OWASP's Password Storage Cheat Sheet sets it as the least: 19 MiB, two passes, one lane. */
const OPTIONS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** At 5 to 20 ms each this is a second or two of waiting; who comes later is told so at once. */
const MAX_WAITING = 64;

export interface PasswordHasher {
  /** In the PHC string format. */
  hash(userId: string, password: string): Promise<string>;
  /** False for a wrong password, and after the same work where there is no hash to compare with. */
  verify(userId: string, password: string, passwordHash: string | undefined): Promise<boolean>;
}

export interface PasswordHasherOptions {
  /** Hashes at once: each takes a processor and 19 MiB. */
  readonly maxAtOnce?: number;
  readonly maxWaiting?: number;
}

/**
 * Hashes static passwords: Argon2id over a MAC of user and password, so that the table alone is good for no guessing.
 * Throws `overloaded` where too many wait.
 */
export function createPasswordHasher(
  keyring: Keyring,
  { maxAtOnce = availableParallelism(), maxWaiting = MAX_WAITING }: PasswordHasherOptions = {},
): PasswordHasher {
  const inTurn = takeTurns(maxAtOnce, maxWaiting);
  // As text: the library verifies nothing else.
  const pepper = (userId: string, password: string): string =>
    keyring.lastingMac('static-password', userId, password).toString('base64url');
  // Of no password at all.
  let ofNobody: string | undefined;

  return {
    hash: (userId, password) => inTurn(() => hash(pepper(userId, password), OPTIONS)),
    verify: (userId, password, passwordHash) =>
      inTurn(async () => {
        ofNobody ??= await hash('', OPTIONS);
        const isRight = await verify(passwordHash ?? ofNobody, pepper(userId, password));
        return isRight && passwordHash !== undefined;
      }),
  };
}
