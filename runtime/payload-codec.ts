import type { KeyObject } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
// A CommonJS package whose names Node can not see: only its default can be imported.
import proto from '@temporalio/proto';
import { decryptBytes, encryptBytes } from './aes-gcm.ts';
import type { Keyring } from './keyring.ts';

const ENCODING = 'binary/encrypted';
const CONTEXT = 'temporal-payload';

/**
 * Encrypts every payload that goes to Temporal (AES-256-GCM; metadata `encoding` and `encryption-key-id`).
 * Payloads that are not encrypted pass: an operator may signal from the Temporal UI without the codec, and refusing
 * such a signal would block the workflow for good. Access to Temporal is guarded at its own door (SECURITY.md).
 */
export function createPayloadCodec(keyring: Keyring): PayloadCodec {
  const { Payload: PayloadType } = proto.temporal.api.common.v1;

  function encodeOne(payload: Payload): Payload {
    const key = keyring.encryptionKey('payload', keyring.currentId) as KeyObject;
    const plain = PayloadType.encode(payload).finish();
    return {
      metadata: { encoding: Buffer.from(ENCODING), 'encryption-key-id': Buffer.from(keyring.currentId) },
      data: encryptBytes(key, plain, CONTEXT),
    };
  }

  function decodeOne(payload: Payload): Payload {
    const metadata = payload.metadata;
    if (!metadata?.encoding || Buffer.from(metadata.encoding).toString() !== ENCODING) return payload;
    const keyId = Buffer.from(metadata['encryption-key-id'] ?? []).toString();
    const key = keyring.encryptionKey('payload', keyId);
    if (!key) throw new Error('a payload is encrypted with a key that is not configured');
    return PayloadType.decode(decryptBytes(key, payload.data ?? new Uint8Array(), CONTEXT)) as Payload;
  }

  return {
    async encode(payloads) {
      return payloads.map(encodeOne);
    },
    async decode(payloads) {
      return payloads.map(decodeOne);
    },
  };
}
