import { createHash, generateKeyPair } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { replaceFile } from './data-folder.ts';

const makeKeyPair = promisify(generateKeyPair);

/** What the Google console gives for a service account, as far as senders read it. */
export interface ServiceAccount {
  readonly type: 'service_account';
  readonly project_id: string;
  readonly private_key_id: string;
  /** PEM, PKCS #8, RSA 2048. */
  readonly private_key: string;
  readonly client_email: string;
  readonly client_id: string;
  readonly token_uri: string;
}

const PROJECT_ID = 'countersign-demo';

/** Makes a service account of the simulated service, with a new key. */
export async function createServiceAccount(tokenUri: string): Promise<ServiceAccount> {
  const { publicKey, privateKey } = await makeKeyPair('rsa', { modulusLength: 2048 });
  const keyId = createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
  return {
    type: 'service_account',
    project_id: PROJECT_ID,
    private_key_id: keyId,
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    client_email: `countersign@${PROJECT_ID}.iam.gserviceaccount.com`,
    client_id: '100000000000000000001',
    token_uri: tokenUri,
  };
}

/** The service account kept at `path`, made the first time; its `token_uri` follows the simulator's port. */
export async function keepServiceAccount(path: string, tokenUri: string): Promise<ServiceAccount> {
  const kept = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as ServiceAccount) : undefined;
  if (kept?.token_uri === tokenUri) return kept;
  const account = kept ? { ...kept, token_uri: tokenUri } : await createServiceAccount(tokenUri);
  replaceFile(path, `${JSON.stringify(account, null, 2)}\n`);
  return account;
}
