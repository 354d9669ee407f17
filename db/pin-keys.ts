import type { Knex } from 'knex';
import type { PinKeyStore } from '../api/ports.ts';
import { rows } from './knex.ts';

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

    async setBiometricKey(enrolmentId, key) {
      await rows(database, 'update enrolments set biometric_key = ?::jsonb where id = ? and revoked_at is null', [
        key && JSON.stringify(key),
        enrolmentId,
      ]);
    },
  };
}
