import type { DeviceContext, EnrolledState } from './device-context.ts';

/** Signs the exact bytes of `data` with the phone's signing key: base64 of an ASN.1 DER signature, as OpenSSL reads it. */
export async function signData(device: DeviceContext, enrolled: EnrolledState, data: string): Promise<string> {
  const key = await device.keys.signingKey(enrolled.keys.signingKey);
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const raw = new Uint8Array(await crypto.subtle.sign(algorithm, key, new TextEncoder().encode(data)));
  return btoa(String.fromCharCode(...toDer(raw)));
}

/** WebCrypto gives r and s side by side (IEEE P1363); ASN.1 wants two integers in a sequence. */
function toDer(raw: Uint8Array): Uint8Array {
  const half = raw.length / 2;
  const body = [...integer(raw.subarray(0, half)), ...integer(raw.subarray(half))];
  return Uint8Array.from([0x30, body.length, ...body]);
}

function integer(bytes: Uint8Array): number[] {
  const significant = [...bytes.subarray(bytes.findIndex((byte) => byte !== 0))];
  // A leading one bit would make it negative.
  if ((significant[0] as number) >= 0x80) significant.unshift(0);
  return [2, significant.length, ...significant];
}
