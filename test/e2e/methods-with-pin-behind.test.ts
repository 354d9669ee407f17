import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seal } from '../../runtime/sealing.ts';
import { createRawPhone } from '../support/raw-phone.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const PIN = '48151';

describe('a method with the PIN behind it', () => {
  let stack: Stack;
  let verifier: Server;
  let asked: { readonly authorization: string | undefined; readonly body: Record<string, unknown> }[];
  let folder: string;
  let httpSettings: { readonly url: string; readonly secret: string };
  let answerOfVerifier: (response: ServerResponse) => void;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-module-'));
    const module = join(folder, 'verifier.mjs');
    await writeFile(
      module,
      "export const verify = ({ payload }) => ({ accepted: payload === 'face-7', status: 2001 });",
    );
    stack = await startStack({ env: { CUSTOM_AUTHENTICATOR_MODULE: module } });
    await stack.database.knex('authentication_types').insert([
      { name: 'finger', method: 'push_with_fingerprint', time_to_live_seconds: 120, max_resends: 0 },
      { name: 'custom', method: 'push_with_custom_authenticator', time_to_live_seconds: 120, max_resends: 0 },
    ]);
    verifier = createServer((request, response) => void receive(request, response));
    verifier.listen(0, '127.0.0.1');
    await once(verifier, 'listening');
    const url = `http://127.0.0.1:${(verifier.address() as AddressInfo).port}/verify`;
    httpSettings = { url, secret: 'verifier-secret' };
    await setVerifier(httpSettings);
  });
  beforeEach(() => {
    asked = [];
    answerOfVerifier = (response) => response.end(JSON.stringify({ accepted: true, status: 2000, data: 'welcome' }));
  });
  afterAll(async () => {
    verifier?.close();
    verifier?.closeAllConnections();
    await stack?.stop();
    await rm(folder, { recursive: true });
  });

  async function setVerifier(settings: object): Promise<void> {
    const column = 'applications.sealed_custom_authenticator';
    const sealed = seal(stack.keyring, column, 'demo-app', JSON.stringify(settings));
    await stack.database.knex('applications').where({ id: 'demo-app' }).update({ sealed_custom_authenticator: sealed });
  }

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    asked.push({ authorization: request.headers.authorization, body });
    answerOfVerifier(response);
  }

  const enrol = async (userId: string) => {
    const phone = await stack.enrolPhone(userId);
    await phone.client.setPin(PIN);
    return phone;
  };
  const challengeOf = async (phone: Phone, type: string) =>
    phone.client.fetchChallenge(await stack.begin(phone, { type }));
  const methodOf = async (transactionId: string) =>
    (await stack.portal.result(transactionId)).body.authentication_method;

  describe('the fingerprint', () => {
    it('approves with the biometric key', async () => {
      const phone = await enrol('finger-right');
      await phone.client.registerBiometric();
      const challenge = await challengeOf(phone, 'finger');
      expect(await phone.client.approve(challenge, { biometric: true })).toEqual({ status: 'approved' });
      expect(await methodOf(challenge.transactionId)).toBe('push_with_fingerprint');
    });

    it('lets the PIN stand in, and the result says that it was the PIN', async () => {
      const phone = await enrol('finger-pin');
      const challenge = await challengeOf(phone, 'finger');
      expect(await phone.client.approve(challenge, { pin: PIN })).toEqual({ status: 'approved' });
      expect(await methodOf(challenge.transactionId)).toBe('push_with_pin');
    });

    it('that is wrong ends the biometric key, and the PIN is asked for in the same transaction', async () => {
      const phone = await enrol('finger-wrong');
      await phone.client.registerBiometric();
      const challenge = await challengeOf(phone, 'finger');
      const raw = await createRawPhone(stack.apiUrl, phone);
      const forged = await raw.seal({
        ...{ purpose: 'answer', transactionId: challenge.transactionId, enrolmentId: raw.enrolmentId },
        ...{ decision: 'approve', nonce: challenge.nonce },
        proof: { kind: 'biometric', signature: Buffer.alloc(64, 7).toString('base64url') },
      });
      const reply = await raw.answer(challenge.transactionId, forged);
      expect(await raw.open(reply.body.message)).toMatchObject({ status: 'pin_required' });
      expect(await phone.client.approve(challenge, { biometric: true })).toEqual({ status: 'pin_required' });
      expect(await phone.client.approve(challenge, { pin: PIN })).toEqual({ status: 'approved' });
      const events = await stack.database.knex('events').where({ user_id: 'finger-wrong' }).pluck('name');
      expect(events).toContain('PUSH_AUTH_VALIDATION_FINGER_PRINT_LIMIT_EXCEEDED');
    });

    it('is not taken where the application does not allow it', async () => {
      const phone = await enrol('finger-off');
      await phone.client.registerBiometric();
      await stack.database.knex('applications').update({ fingerprint_enabled: false });
      const challenge = await challengeOf(phone, 'finger');
      expect(await phone.client.approve(challenge, { biometric: true })).toEqual({ status: 'pin_required' });
      await stack.database.knex('applications').update({ fingerprint_enabled: true });
    });

    it('is no proof of the PIN method, nor of another transaction', async () => {
      const phone = await enrol('finger-moved');
      await phone.client.registerBiometric();
      const [first, second] = [await challengeOf(phone, 'finger'), await challengeOf(phone, 'finger')];
      const moved = { ...first, transactionId: second.transactionId };
      await expect(phone.client.approve(moved, { biometric: true })).rejects.toMatchObject({
        code: 'challenge_not_read',
      });
    });
  });

  describe('the custom authenticator', () => {
    it('approves when its verifier says yes, and the app hears what it said', async () => {
      const phone = await enrol('custom-yes');
      const challenge = await challengeOf(phone, 'custom');
      expect(await phone.client.approve(challenge, { custom: 'face-7' })).toEqual({
        status: 'approved',
        custom: { status: 2000, data: 'welcome' },
      });
      expect(asked).toEqual([
        {
          authorization: 'Bearer verifier-secret',
          body: {
            transactionId: challenge.transactionId,
            userId: 'custom-yes',
            applicationId: 'demo-app',
            deviceId: phone.deviceId,
            payload: 'face-7',
          },
        },
      ]);
      expect(await methodOf(challenge.transactionId)).toBe('push_with_custom_authenticator');
    });

    it("is judged by the worker's own module where the application's settings say so", async () => {
      await setVerifier({ inProcess: true });
      const phone = await enrol('custom-module');
      const challenge = await challengeOf(phone, 'custom');
      expect(await phone.client.approve(challenge, { custom: 'face-8' })).toEqual({
        status: 'pin_required',
        custom: { status: 2001 },
      });
      expect(await phone.client.approve(challenge, { custom: 'face-7' })).toEqual({
        status: 'approved',
        custom: { status: 2001 },
      });
      expect(asked).toEqual([]);
      await setVerifier(httpSettings);
    });

    it('asks for the PIN when its verifier says no, with what it said', async () => {
      answerOfVerifier = (response) => response.end(JSON.stringify({ accepted: false, status: 4001 }));
      const phone = await enrol('custom-no');
      const challenge = await challengeOf(phone, 'custom');
      expect(await phone.client.approve(challenge, { custom: 'x' })).toEqual({
        status: 'pin_required',
        custom: { status: 4001 },
      });
      expect(await phone.client.approve(challenge, { pin: PIN })).toEqual({ status: 'approved' });
      expect(await methodOf(challenge.transactionId)).toBe('push_with_pin');
    });

    it.each<[string, (response: ServerResponse) => void]>([
      ['is broken', (response) => response.writeHead(500).end('{"accepted":true}')],
      ['answers with something else', (response) => response.end('<html>')],
      ['says yes as a word', (response) => response.end('{"accepted":"true"}')],
      ['cuts the connection', (response) => response.destroy()],
      ['never answers', () => {}],
    ])('asks for the PIN when its verifier %s', async (how, answer) => {
      answerOfVerifier = answer;
      const phone = await enrol(`custom ${how}`);
      const challenge = await challengeOf(phone, 'custom');
      expect(await phone.client.approve(challenge, { custom: 'x' })).toEqual({ status: 'pin_required' });
    });
  });
});
