import type { DeviceSigningKey } from '../runtime/device-wire.ts';
import { type DeviceContext, requireEnrolled, sendEnrolled } from './device-context.ts';
import type { BiometricKey } from './device-store.ts';
import { importSigningKey } from './signing-key.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const GIVE_UP_AFTER_MS = 30_000;

/** Makes a biometric key and registers its public half; a former one is replaced. */
export async function registerBiometric(device: DeviceContext): Promise<void> {
  const enrolled = requireEnrolled(await device.state.read());
  const pair = (await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as CryptoKeyPair;
  const { x = '', y = '', d = '' } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  const publicKey: DeviceSigningKey = { kty: 'EC', crv: 'P-256', x, y };
  const giveUpAtMs = device.transport.serverClock.now() + GIVE_UP_AFTER_MS;
  const path = '/device/v1/biometric-key';
  await sendEnrolled(device, enrolled, { method: 'PUT', path, body: { publicKey }, giveUpAtMs });
  await device.state.update((state) => {
    const now = requireEnrolled(state);
    return { ...now, enrolment: { ...now.enrolment, biometricKey: { ...publicKey, d } } };
  });
}

/** Forgets the biometric key, after the server has. */
export async function forgetBiometric(device: DeviceContext): Promise<void> {
  await device.state.update((state) => {
    const now = requireEnrolled(state);
    const { biometricKey: _, ...enrolment } = now.enrolment;
    return { ...now, enrolment };
  });
}

/** Base64url, IEEE P1363. */
export async function signWithBiometric(key: BiometricKey, statement: string): Promise<string> {
  const signer = await importSigningKey(key);
  const signature = new Uint8Array(await crypto.subtle.sign(ALGORITHM, signer, new TextEncoder().encode(statement)));
  return btoa(String.fromCharCode(...signature))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
}
