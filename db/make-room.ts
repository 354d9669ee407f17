import type { Knex } from 'knex';
import type { Caller, PushEnrolmentMode } from '../api/ports.ts';
import { rows } from './knex.ts';
import { revokeEnrolments } from './revoke-enrolments.ts';

/** Who wants to enrol, and which enrolments stand in the way. */
export interface RoomRequest {
  readonly userId: string;
  readonly applicationId: string;
  readonly mode: PushEnrolmentMode;
  /** The one that asks, where it exists already. */
  readonly exceptEnrolmentId: string | null;
  /** True where only enrolments with a push token count. */
  readonly isForPush: boolean;
  readonly caller?: Caller | undefined;
}

export type Room =
  | { readonly ok: true; readonly endedTransactionIds: readonly string[] }
  | { readonly ok: false; readonly code: 'user_already_enrolled' };

/** Makes the enrolments of one user for one application wait for each other, to the end of the transaction. */
export async function lockEnrolments(
  transaction: Knex,
  { userId, applicationId }: Pick<RoomRequest, 'userId' | 'applicationId'>,
): Promise<void> {
  await rows(transaction, 'select pg_advisory_xact_lock(hashtextextended(?, 0))', [
    JSON.stringify(['enrolments', userId, applicationId]),
  ]);
}

/**
 * Judges by the mode whether one more device of this user fits, and revokes what it replaces. To be called in a
 * transaction: it holds a lock to the end of it, so that of several devices at once each sees those before it.
 */
export async function makeRoom(transaction: Knex, request: RoomRequest): Promise<Room> {
  const { userId, applicationId, mode, exceptEnrolmentId, isForPush, caller } = request;
  await lockEnrolments(transaction, request);
  if (mode === 'multiple_devices') return { ok: true, endedTransactionIds: [] };
  // A statement of its own, after the lock: only then does it see what those before have written.
  const others = await rows<{ id: string }>(
    transaction,
    `select id from enrolments
      where user_id = ? and application_id = ? and revoked_at is null
        and id is distinct from ?::uuid and (not ?::boolean or push_token_hmac is not null)`,
    [userId, applicationId, exceptEnrolmentId, isForPush],
  );
  if (others.length === 0) return { ok: true, endedTransactionIds: [] };
  if (mode === 'single_device') return { ok: false, code: 'user_already_enrolled' };
  const ended = await revokeEnrolments(
    transaction,
    others.map(({ id }) => id),
    {
      ofEach: 'PUSH_ENROLLMENT_DROP_EXISTING_USER_CLIENT_KEYS',
      ofPush: 'PUSH_ENROLLMENT_DROP_EXISTING_PUSH_ENROLLMENT',
      caller,
    },
  );
  return { ok: true, endedTransactionIds: ended };
}
