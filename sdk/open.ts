import { decrypt, readMessage } from 'openpgp';
import { type DeviceError, localError } from './errors.ts';
import type { SealingKeys } from './seal.ts';

const MAX_DECOMPRESSED_BYTES = 1024 * 1024;
/** Makes OpenPGP.js leave the clock out, which its types do not know; request ids and nonces tell what is fresh. */
const AT_ANY_TIME = null as unknown as Date;

/** What a sealed reply must say about itself, so that one made for another purpose or request is never taken for it. */
export type ExpectedClaims = Readonly<Record<string, string>>;

/**
 * Opens what the server sealed for this phone and returns its fields.
 * Throws `reply_untrusted` when it is not encrypted to the phone, not signed by the server, or made for something else.
 */
export async function open(
  armored: string,
  keys: SealingKeys,
  expected: ExpectedClaims,
): Promise<Readonly<Record<string, unknown>>> {
  const text = await decryptAndVerify(armored, keys);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw untrusted('it is not JSON', cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw untrusted('it is not an object');
  const fields = value as Readonly<Record<string, unknown>>;
  for (const [name, wanted] of Object.entries(expected)) {
    if (fields[name] !== wanted) throw untrusted(`its ${name} is another one`);
  }
  return fields;
}

async function decryptAndVerify(armored: string, keys: SealingKeys): Promise<string> {
  try {
    const { data } = await decrypt({
      message: await readMessage({ armoredMessage: armored }),
      decryptionKeys: keys.phone,
      verificationKeys: keys.server,
      expectSigned: true,
      format: 'utf8',
      date: AT_ANY_TIME,
      config: { maxDecompressedMessageSize: MAX_DECOMPRESSED_BYTES },
    });
    return data;
  } catch (cause) {
    throw untrusted('it can not be decrypted, or is not signed by the server', cause);
  }
}

function untrusted(why: string, cause?: unknown): DeviceError {
  return localError('reply_untrusted', `The sealed reply is refused: ${why}.`, { cause });
}
