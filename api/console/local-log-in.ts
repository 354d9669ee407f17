import { createHash } from 'node:crypto';
import { verify } from '@node-rs/argon2';
import type { LocalAccount } from '../../runtime/console-config.ts';
import { AppError } from '../../runtime/errors.ts';
import { isSameText } from '../../runtime/same-text.ts';
import { takeTurns } from '../../runtime/take-turns.ts';
import type { FailureThrottle } from '../failure-throttle.ts';
import type { ConsoleOperator } from '../ports.ts';

/** One operator logs in with it; whoever else waits is guessing. */
const MAX_WAITING = 16;

/** Logs the operator in whom the configuration knows. */
export interface LocalLogIn {
  /** Of this account as it is configured now: with another password or scope it is another one. */
  readonly authority: string;
  /**
   * Unknown name and wrong password get the same refusal, `operator_unauthenticated`, after the same work. Throws
   * `too_many_failures` without having looked, and `overloaded` where too many wait.
   */
  logIn(credentials: {
    readonly name: string;
    readonly password: string;
    readonly address: string;
  }): Promise<ConsoleOperator>;
}

export function createLocalLogIn(account: LocalAccount, throttle: FailureThrottle): LocalLogIn {
  const { name, scope, passwordHash } = account;
  const whole = createHash('sha256')
    .update(JSON.stringify([name, scope, passwordHash]))
    .digest('base64url');
  const authority = `local:${whole}`;
  const inTurn = takeTurns(1, MAX_WAITING);
  return {
    authority,
    async logIn(given) {
      const retryAfterSeconds = throttle.waitSecondsOf(given.name, given.address);
      if (retryAfterSeconds !== undefined) throw new AppError('too_many_failures', undefined, { retryAfterSeconds });
      // Counted before it is judged, so that many at once are judged no more often.
      throttle.failed(given.name, given.address);
      const isPassword = await inTurn(() => verify(passwordHash, given.password));
      const isName = isSameText(given.name, name);
      if (!isPassword || !isName) throw new AppError('operator_unauthenticated');
      throttle.succeeded(given.name, given.address);
      return { authority, subject: name, name, scopes: [scope] };
    },
  };
}
