import type { Knex } from 'knex';
import { loadOrCreateServerKey } from '../db/server-keys.ts';
import { createEvidenceSigner, generateEvidenceKey } from '../runtime/evidence-key.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { type Forgetful, rememberOne } from '../runtime/remember.ts';

/** A retired key signs no longer than this, should no notification tell of it. */
const KEY_FRESH_MS = 1_000;

/** Signs with the evidence key in use; where the last one was retired it makes the next. */
export interface CurrentEvidenceSigner extends Forgetful {
  sign(claims: object): Promise<string>;
  /** Makes the key where there is none in use, so that it is published before it signs. */
  prepare(): Promise<void>;
}

export function createCurrentEvidenceSigner(database: Knex, keyring: Keyring): CurrentEvidenceSigner {
  const current = rememberOne(
    async () => createEvidenceSigner(await loadOrCreateServerKey(database, keyring, generateEvidenceKey, 'evidence')),
    KEY_FRESH_MS,
  );
  return {
    sign: async (claims) => (await current()).sign(claims),
    prepare: async () => void (await current()),
    forget: current.forget,
  };
}
