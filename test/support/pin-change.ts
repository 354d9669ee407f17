import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { pinChangeStatement } from '../../runtime/device-wire.ts';
import type { RawPhone } from './raw-phone.ts';

/** Gives the phone a PIN key, and returns a sealed change of it that is right in everything. */
export async function pinChangeOf(phone: RawPhone): Promise<string> {
  const [before, after] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
  const set = await phone.request('PUT', '/device/v1/pin-key', { publicKey: textOf(before.publicKey) });
  if (set.status !== 204) throw new Error(`the PIN key was refused: ${JSON.stringify(set.body)}`);
  const asked = await phone.request('POST', '/device/v1/pin-key/challenge', { requestId: randomUUID() });
  const { nonce } = (await phone.open(asked.body.message)) as { readonly nonce: string };
  const change = {
    enrolmentId: phone.enrolmentId,
    changeId: randomUUID(),
    nonce,
    publicKey: textOf(after.publicKey),
  };
  const statement = Buffer.from(pinChangeStatement(change));
  return phone.seal({
    purpose: 'pin_change',
    ...change,
    oldSignature: sign(null, statement, before.privateKey).toString('base64url'),
    newSignature: sign(null, statement, after.privateKey).toString('base64url'),
  });
}

function textOf(key: KeyObject): string {
  return key.export({ format: 'jwk' }).x as string;
}
