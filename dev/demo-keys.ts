import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { makeLocalAccount } from '../api/console/make-local-account.ts';
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

/** The demonstration's operator, who may do everything. */
export interface DemoOperator {
  readonly name: string;
  readonly password: string;
  /** As `CONSOLE_LOCAL_ACCOUNT` has it: the same at each start, so that sessions go on. */
  readonly account: string;
}

/** Made the first time. */
export function operatorOf(dataDir: string): DemoOperator {
  const kept = keepSecret(pathsIn(dataDir).operator, () => {
    const name = 'operator';
    const password = randomBytes(15).toString('base64url');
    const account = makeLocalAccount(name, 'onegini_api_admin', password);
    return JSON.stringify({ name, password, account } satisfies DemoOperator);
  });
  return JSON.parse(kept) as DemoOperator;
}
