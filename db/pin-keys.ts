import type { Knex } from 'knex';
import type { PinKeyStore } from '../api/ports.ts';
import { changePin } from './change-pin.ts';
import { rows } from './knex.ts';

/** Keys that stand for what the user knows or is. */
export function createPinKeyStore(database: Knex): PinKeyStore {
  return {
    async setFirst(enrolmentId, publicKey) {
      // The same key again is the same request, its reply lost; another one needs the old PIN.
      const found = await rows(
        database,
        `update enrolments set pin_public_key = ?
          where id = ? and revoked_at is null and (pin_public_key is null or pin_public_key = ?) returning id`,
        [publicKey, enrolmentId, publicKey],
      );
      return found.length === 1;
    },

    async findPinKey(enrolmentId) {
      const [row] = await rows<{ publicKey: string; lastChangeId: string | null }>(
        database,
        `select pin_public_key as "publicKey", pin_change_id as "lastChangeId"
           from enrolments where id = ? and revoked_at is null and pin_public_key is not null`,
        [enrolmentId],
      );
      return row;
    },

    change: (attempt) => changePin(database, attempt),

    async setBiometricKey(enrolmentId, key) {
      await rows(database, 'update enrolments set biometric_key = ?::jsonb where id = ? and revoked_at is null', [
        key && JSON.stringify(key),
        enrolmentId,
      ]);
    },
  };
}
