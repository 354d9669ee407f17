import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { AppError } from './errors.ts';
import type { Keyring } from './keyring.ts';

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
  const inTurn = createTurns(maxAtOnce, maxWaiting);
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

/** Runs at most `maxAtOnce` at a time, in the order they came; one more than `maxWaiting` is refused. */
function createTurns(maxAtOnce: number, maxWaiting: number): <Value>(work: () => Promise<Value>) => Promise<Value> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= maxAtOnce) {
      if (waiting.length >= maxWaiting) throw new AppError('overloaded', undefined, { retryAfterSeconds: 1 });
      // Whoever leaves hands the turn over, so that nobody who comes meanwhile slips in between.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
