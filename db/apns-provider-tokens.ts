import type { Knex } from 'knex';
import type { ProviderTokenStore } from '../activities/ports.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { seal, unseal } from '../runtime/sealing.ts';
import { rows } from './knex.ts';

const COLUMN = 'apns_provider_tokens.sealed_token';

/** The clock is the database's. */
export function createProviderTokenStore(database: Knex, keyring: Keyring): ProviderTokenStore {
  const find: ProviderTokenStore['find'] = async (signer) => {
    const [row] = await rows<{ nowMs: number; sealedToken: string | null; issuedAtMs: number }>(
      database,
      `select (extract(epoch from clock_timestamp()) * 1000)::float8 as "nowMs",
              p.sealed_token as "sealedToken", (extract(epoch from p.issued_at) * 1000)::float8 as "issuedAtMs"
         from (values (1)) as always left join apns_provider_tokens p on p.signer = ?`,
      [signer],
    );
    const { nowMs, sealedToken, issuedAtMs } = row as NonNullable<typeof row>;
    const token = sealedToken === null ? null : openOrNothing(signer, sealedToken);
    return token === null ? { token, nowMs } : { token, issuedAtMs, nowMs };
  };

  /** A token under a key that is no longer configured is of no use; it is written over as soon as Apple allows. */
  function openOrNothing(signer: string, sealed: string): string | null {
    try {
      return unseal(keyring, COLUMN, signer, sealed);
    } catch {
      return null;
    }
  }

  return {
    find,
    async issue(signer, token, issuedAtMs, notSoonerMs) {
      await rows(
        database,
        `insert into apns_provider_tokens (signer, sealed_token, issued_at)
         values (?, ?, to_timestamp(?::float8 / 1000))
         on conflict (signer) do update
            set sealed_token = excluded.sealed_token, issued_at = excluded.issued_at
          where apns_provider_tokens.issued_at <= excluded.issued_at - make_interval(secs => ?::float8 / 1000)`,
        [signer, seal(keyring, COLUMN, signer, token), issuedAtMs, notSoonerMs],
      );
      const standing = await find(signer);
      if (standing.token === null) throw new Error('no configured key opens the provider token that stands');
      return standing;
    },
  };
}
