import { createHash, randomUUID } from 'node:crypto';
import { importJWK, type JWK, SignJWT } from 'jose';
import * as openpgp from 'openpgp';
import type { DeviceProofClaims } from '../../runtime/device-wire.ts';
import type { DeviceState } from '../../sdk/index.ts';
import type { Phone } from './stack.ts';

export interface RawReply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: replies are looked at field by field by the tests
  readonly body: any;
}

export interface ProofChanges {
  readonly claims?: Partial<DeviceProofClaims>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly signingKey?: JWK;
  /** A finished proof, in place of a new one. */
  readonly proof?: string;
}

/** A phone's keys in the hands of somebody who does not follow the rules: written apart from the SDK, on purpose. */
export interface RawPhone {
  readonly enrolmentId: string;
  readonly signingKey: JWK;
  proof(method: string, path: string, body?: string, changes?: ProofChanges): Promise<string>;
  request(method: string, path: string, body?: unknown, changes?: ProofChanges): Promise<RawReply>;
  /** Signs and encrypts to the server whatever it is given. */
  seal(value: unknown): Promise<string>;
  open(message: string): Promise<unknown>;
  fetchNonce(transactionId: string): Promise<string>;
  /** Posts an answer of this text. */
  answer(transactionId: string, armored: string): Promise<RawReply>;
  approval(transactionId: string): Promise<string>;
}

export async function createRawPhone(apiUrl: string, phone: Phone): Promise<RawPhone> {
  const state = (await phone.store.load()) as DeviceState;
  const enrolment = state.enrolment as NonNullable<DeviceState['enrolment']>;
  const { enrolmentId } = enrolment;
  const signingKey = state.keys.signingKey as JWK;
  const serverKey = await openpgp.readKey({ armoredKey: enrolment.serverPgpPublicKey });
  const privateKey = await openpgp.readPrivateKey({ armoredKey: state.keys.pgpPrivateKey });

  async function proof(method: string, path: string, body = '', changes: ProofChanges = {}): Promise<string> {
    if (changes.proof !== undefined) return changes.proof;
    const claims: DeviceProofClaims = {
      htm: method,
      htu: apiUrl + path,
      iat: Math.floor(Date.now() / 1000),
      jti: randomUUID(),
      body_sha256: createHash('sha256').update(body).digest('base64url'),
      ...changes.claims,
    };
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'countersign-proof+jwt', kid: enrolmentId, ...changes.header })
      .sign(await importJWK(changes.signingKey ?? signingKey, 'ES256'));
  }

  async function request(method: string, path: string, body?: unknown, changes?: ProofChanges): Promise<RawReply> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const response = await fetch(apiUrl + path, {
      method,
      headers: {
        'device-proof': await proof(method, path, text, changes),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: text }),
    });
    const reply = await response.text();
    return { status: response.status, headers: response.headers, body: reply === '' ? undefined : JSON.parse(reply) };
  }

  async function seal(value: unknown): Promise<string> {
    const message = await openpgp.createMessage({ text: JSON.stringify(value) });
    return (await openpgp.encrypt({ message, encryptionKeys: serverKey, signingKeys: privateKey })) as string;
  }

  async function open(message: string): Promise<unknown> {
    const { data } = await openpgp.decrypt({
      message: await openpgp.readMessage({ armoredMessage: message }),
      decryptionKeys: privateKey,
      verificationKeys: serverKey,
      expectSigned: true,
      // Signed within this very second by another process: allow for the clock's last digits.
      date: new Date(Date.now() + 2_000),
    });
    return JSON.parse(data as string);
  }

  async function fetchNonce(transactionId: string): Promise<string> {
    const reply = await request('POST', `/device/v1/transactions/${transactionId}/fetch`, { requestId: randomUUID() });
    if (reply.status !== 200) throw new Error(`fetch was refused: ${JSON.stringify(reply.body)}`);
    return ((await open(reply.body.message)) as { nonce: string }).nonce;
  }

  return {
    enrolmentId,
    signingKey,
    proof,
    request,
    seal,
    open,
    fetchNonce,
    answer: (transactionId, armored) =>
      request('POST', `/device/v1/transactions/${transactionId}/answer`, { answer: armored }),
    approval: async (transactionId) =>
      seal({
        purpose: 'answer',
        transactionId,
        enrolmentId,
        decision: 'approve',
        nonce: await fetchNonce(transactionId),
        answeredAt: new Date().toISOString(),
      }),
  };
}
