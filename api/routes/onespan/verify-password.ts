import { OneSpanError } from '../../../runtime/onespan-errors.ts';
import type { PasswordHasher } from '../../../runtime/password-hash.ts';
import type { OneSpanUserStore } from '../../ports.ts';
import type { OneSpanUser } from './find-user.ts';

/**
 * Passes for the user's static password. Anybody unknown costs the same work and gets the same refusal as a wrong
 * password; only an account that wrong ones have locked is told apart.
 */
export async function verifyPassword(
  { oneSpanUsers, passwords }: { readonly oneSpanUsers: OneSpanUserStore; readonly passwords: PasswordHasher },
  clientId: string,
  user: OneSpanUser | undefined,
  password: string,
): Promise<void> {
  const userId = user?.userId ?? '';
  const charged = await oneSpanUsers.chargePassword(userId, user?.domain.passwordMaxAttempts ?? 0);
  if (charged === 'locked') throw new OneSpanError('user_locked');
  const isRight = await passwords.verify(userId, password, charged === 'unknown' ? undefined : charged.passwordHash);
  if (!isRight) {
    if (charged !== 'unknown' && charged.attemptsLeft === 0) await oneSpanUsers.recordLocked(userId, clientId);
    throw new OneSpanError('authentication_failed');
  }
  await oneSpanUsers.forgivePasswords(userId);
}
