import { createMessage, encrypt, type PrivateKey, type PublicKey } from 'openpgp';
import { padJson } from '../runtime/device-wire.ts';

export interface SealingKeys {
  readonly phone: PrivateKey;
  readonly server: PublicKey;
}

/** JSON of `value`, padded, signed by the phone and encrypted to the server: an armored OpenPGP message. */
export async function seal(value: unknown, keys: SealingKeys, nowMs: number): Promise<string> {
  // A key made ahead of what the phone's clock says now would not be valid here yet.
  const made = [keys.server, keys.phone].map((key) => key.getCreationTime().getTime());
  const date = new Date(Math.max(nowMs, ...made));
  return encrypt({
    message: await createMessage({ text: padJson(value), date }),
    encryptionKeys: keys.server,
    signingKeys: keys.phone,
    date,
    format: 'armored',
  });
}
