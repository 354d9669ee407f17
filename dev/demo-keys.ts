import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { pathsIn } from './data-folder.ts';
import { keepSecret } from './secret-file.ts';
import { StartError } from './start-error.ts';

/** Text of the keyring: the caller's `ENCRYPTION_KEYS`, else a key made the first time and kept in the data folder. */
export function encryptionKeysOf(dataDir: string, env: NodeJS.ProcessEnv): string {
  if (env.ENCRYPTION_KEYS) return env.ENCRYPTION_KEYS;
  const { encryptionKey, postgres } = pathsIn(dataDir);
  if (!existsSync(encryptionKey) && existsSync(postgres)) {
    throw new StartError(
      `${encryptionKey} is gone, and what is stored can not be read without it. ` +
        `Put it back, or remove ${dataDir} to begin anew.`,
    );
  }
  return keepSecret(encryptionKey, () => `k1:${randomBytes(32).toString('base64')}`);
}

/** The demonstration portal's secret, made the first time. */
export function clientSecretOf(dataDir: string): string {
  return keepSecret(pathsIn(dataDir).clientSecret, () => randomBytes(32).toString('base64url'));
}

/** What the demonstration's verifier is asked with, made the first time. */
export function verifierSecretOf(dataDir: string): string {
  return keepSecret(pathsIn(dataDir).verifierSecret, () => randomBytes(32).toString('base64url'));
}
