import type { Knex } from 'knex';
import type { FeatureStore } from '../api/ports.ts';
import type { Features } from '../workflows/domain/features.ts';
import { rows } from './knex.ts';

/** Reads the one row of features; throws when somebody has deleted it. */
export function createFeatureStore(database: Knex): FeatureStore {
  return {
    async read() {
      const [row] = await rows<Features>(
        database,
        `select mobile_authentication as "mobileAuthentication", transaction_signing as "transactionSigning", geolocation,
                custom_authenticators as "customAuthenticators", push_authorization as "pushAuthorization"
           from features`,
        [],
      );
      if (!row) throw new Error('the table features has lost its row');
      return row;
    },
  };
}
