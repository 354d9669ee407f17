import { execFileSync } from 'node:child_process';
import { createPrivateKey, type JsonWebKey, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeviceState } from '../../sdk/index.ts';
import { createRawPhone } from '../support/raw-phone.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const PIN = '48151';

describe('a method', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack();
    await stack.database.knex('authentication_types').insert([
      { name: 'pin', method: 'push_with_pin', time_to_live_seconds: 120, max_resends: 0 },
      { name: 'number', method: 'push_with_number', number_digits: 3, time_to_live_seconds: 120, max_resends: 0 },
      { name: 'signing', method: 'push', transaction_signing: true, time_to_live_seconds: 120, max_resends: 0 },
    ]);
  });
  afterAll(() => stack?.stop());

  const beginOf = (phone: Phone, type: string, form: Record<string, string> = {}) =>
    stack.portal.begin({
      type,
      user_id: phone.userId,
      device_id: phone.deviceId,
      callback_uri: stack.callbacks.url,
      message: 'Pay?',
      ...form,
    });
  const resultOf = async (transactionId: string) => (await stack.portal.result(transactionId)).body;
  const eventsOf = async (transactionId: string): Promise<string[]> =>
    (await stack.database.knex('events').where({ transaction_id: transactionId }).orderBy('id')).map(
      ({ name }) => name,
    );
  const challengeOf = async (phone: Phone, type: string) => {
    const { body } = await beginOf(phone, type);
    return { challenge: await phone.client.fetchChallenge(body.transaction_id), begun: body };
  };

  describe('with the PIN', () => {
    const enrolWithPin = async (userId: string) => {
      const phone = await stack.enrolPhone(userId);
      await phone.client.setPin(PIN);
      return phone;
    };

    it('approves with the right PIN, and the result says so', async () => {
      const phone = await enrolWithPin('pin-right');
      const { challenge } = await challengeOf(phone, 'pin');
      expect(challenge.method).toBe('push_with_pin');
      expect(await phone.client.approve(challenge, { pin: PIN })).toEqual({ status: 'approved' });
      expect(await resultOf(challenge.transactionId)).toMatchObject({
        is_authenticated: true,
        authentication_method: 'push_with_pin',
        used_authentication_attempts: 1,
      });
    });

    it('tells how many attempts are left, and a right PIN makes up for the wrong ones', async () => {
      const phone = await enrolWithPin('pin-forgiven');
      const { challenge } = await challengeOf(phone, 'pin');
      expect(await phone.client.approve(challenge, { pin: '11112' })).toEqual({ status: 'pin_wrong', attemptsLeft: 2 });
      expect(await phone.client.approve(challenge, { pin: '11113' })).toEqual({ status: 'pin_wrong', attemptsLeft: 1 });
      expect(await resultOf(challenge.transactionId)).toMatchObject({ status: 'pending' });
      expect(await phone.client.approve(challenge, { pin: PIN })).toEqual({ status: 'approved' });
      expect(await resultOf(challenge.transactionId)).toMatchObject({ used_authentication_attempts: 3 });
      const next = await challengeOf(phone, 'pin');
      expect(await phone.client.approve(next.challenge, { pin: '11112' })).toMatchObject({ attemptsLeft: 2 });
    });

    it('counts across transactions; the last wrong PIN fails the transaction and ends the enrolment', async () => {
      const phone = await enrolWithPin('pin-exhausted');
      for (const attemptsLeft of [2, 1]) {
        const { challenge } = await challengeOf(phone, 'pin');
        expect(await phone.client.approve(challenge, { pin: '99991' })).toEqual({ status: 'pin_wrong', attemptsLeft });
      }
      const { challenge } = await challengeOf(phone, 'pin');
      expect(await phone.client.approve(challenge, { pin: '99992' })).toEqual({ status: 'failed' });
      expect(await resultOf(challenge.transactionId)).toMatchObject({
        status: 'failed',
        is_authenticated: false,
        not_authenticated_reason: { reason: 'invalid_answer' },
      });
      await expect(phone.client.pending()).rejects.toMatchObject({ code: 'enrolment_unknown', number: 9020 });
      expect(await beginOf(phone, 'pin')).toMatchObject({ status: 404, body: { error_code: '1001' } });
      const events = await stack.database.knex('events').where({ user_id: 'pin-exhausted' }).pluck('name');
      expect(events).toContain('PUSH_AUTH_VALIDATION_PIN_LIMIT_EXCEEDED');
    });

    it('of sixteen wrong PINs at once judges three and fails', async () => {
      const phone = await enrolWithPin('pin-sixteen');
      const { challenge } = await challengeOf(phone, 'pin');
      const raw = await createRawPhone(stack.apiUrl, phone);
      const sealed = await Promise.all(
        Array.from({ length: 16 }, (_, index) =>
          raw.seal({
            purpose: 'answer',
            transactionId: challenge.transactionId,
            enrolmentId: raw.enrolmentId,
            decision: 'approve',
            nonce: challenge.nonce,
            proof: { kind: 'pin', signature: Buffer.alloc(64, index).toString('base64url') },
          }),
        ),
      );
      await Promise.all(sealed.map((answer) => raw.answer(challenge.transactionId, answer)));
      expect(await resultOf(challenge.transactionId)).toMatchObject({
        status: 'failed',
        used_authentication_attempts: 3,
      });
      const [enrolment] = await stack.database.knex('enrolments').where({ user_id: 'pin-sixteen' });
      expect(enrolment.pin_failures).toBe(3);
      expect(enrolment.revoked_at).not.toBeNull();
    });

    it('charges an answer that is sent again once', async () => {
      const phone = await enrolWithPin('pin-again');
      const { challenge } = await challengeOf(phone, 'pin');
      const raw = await createRawPhone(stack.apiUrl, phone);
      const wrong = await raw.seal({
        purpose: 'answer',
        transactionId: challenge.transactionId,
        enrolmentId: raw.enrolmentId,
        decision: 'approve',
        nonce: challenge.nonce,
        proof: { kind: 'pin', signature: 'AAAA' },
      });
      for (let time = 0; time < 4; time += 1) {
        const reply = await raw.answer(challenge.transactionId, wrong);
        expect(await raw.open(reply.body.message)).toMatchObject({ status: 'pin_wrong', attemptsLeft: 2 });
      }
    });

    it('can not be approved by a bare confirmation, and costs no attempt then', async () => {
      const phone = await enrolWithPin('pin-downgrade');
      const { body } = await beginOf(phone, 'pin');
      const raw = await createRawPhone(stack.apiUrl, phone);
      const bare = await raw.answer(body.transaction_id, await raw.approval(body.transaction_id));
      expect(bare).toMatchObject({ status: 400, body: { code: 'answer_invalid' } });
      expect(await resultOf(body.transaction_id)).toMatchObject({ status: 'pending', used_authentication_attempts: 0 });
    });

    it('is denied without a PIN', async () => {
      const phone = await enrolWithPin('pin-denied');
      const { body } = await beginOf(phone, 'pin');
      expect(await phone.client.deny(body.transaction_id, { reason: 'not_me' })).toEqual({ status: 'denied' });
    });

    it('is not available to a user without a PIN, and a PIN is set once', async () => {
      const phone = await stack.enrolPhone('pin-none');
      expect(await beginOf(phone, 'pin')).toMatchObject({ status: 404, body: { error_code: '1001' } });
      await phone.client.setPin(PIN);
      await expect(phone.client.setPin('95173')).rejects.toMatchObject({ code: 'pin_already_set' });
      expect((await beginOf(phone, 'pin')).status).toBe(200);
    });

    it('leaves nothing on the phone by which a guess could be tested', async () => {
      const phone = await enrolWithPin('pin-stolen');
      const { challenge } = await challengeOf(phone, 'pin');
      await phone.client.approve(challenge, { pin: PIN });
      const [{ pin_public_key: publicKey }] = await stack.database.knex('enrolments').where({ user_id: 'pin-stolen' });
      const state = (await phone.store.load()) as DeviceState;
      expect(state.enrolment?.pinKey).toEqual({ salt: expect.any(String), maskedSeed: expect.any(String) });
      expect(JSON.stringify(state)).not.toContain(publicKey);
      expect(JSON.stringify(state)).not.toContain(PIN);
      expect(state.answers).toEqual([]);
    });
  });

  describe('with the number', () => {
    it('approves with the number that the portal shows and nobody else can know', async () => {
      const phone = await stack.enrolPhone('number-right');
      const { challenge, begun } = await challengeOf(phone, 'number');
      expect(begun.number).toMatch(/^\d{3}$/);
      expect(JSON.stringify(challenge)).not.toContain(begun.number);
      const pushes = await fetch(`${stack.fcm.url}/simulator/pushes?token=${encodeURIComponent(phone.pushToken)}`);
      const {
        pushes: [push],
      } = (await pushes.json()) as { pushes: { message: { data: { content: string } } }[] };
      expect(Object.keys(JSON.parse(push?.message.data.content as string))).not.toContain('number');
      expect(await phone.client.approve(challenge, { number: begun.number })).toEqual({ status: 'approved' });
      expect(await resultOf(challenge.transactionId)).toMatchObject({ authentication_method: 'push_with_number' });
    });

    it('takes three wrong numbers, and then it has failed', async () => {
      const phone = await stack.enrolPhone('number-wrong');
      const { challenge, begun } = await challengeOf(phone, 'number');
      const wrong = begun.number === '000' ? '001' : '000';
      const outcomes = [];
      for (const typed of [wrong, `${wrong}0`, wrong]) {
        outcomes.push(await phone.client.approve(challenge, { number: typed }));
      }
      expect(outcomes).toEqual([
        { status: 'number_wrong', attemptsLeft: 2 },
        { status: 'number_wrong', attemptsLeft: 1 },
        { status: 'failed' },
      ]);
      expect(await resultOf(challenge.transactionId)).toMatchObject({
        status: 'failed',
        not_authenticated_reason: { reason: 'invalid_answer' },
      });
      expect((await phone.client.pending()).length).toBe(0);
    });

    it('is the same number when the begin is repeated under its key', async () => {
      const phone = await stack.enrolPhone('number-again');
      const form = {
        ...{ type: 'number', user_id: phone.userId, device_id: phone.deviceId, message: 'Pay?' },
        callback_uri: stack.callbacks.url,
      };
      const [first, second] = [
        await stack.portal.begin(form, { 'idempotency-key': 'n-1' }),
        await stack.portal.begin(form, { 'idempotency-key': 'n-1' }),
      ];
      expect(second.body).toEqual(first.body);
    });
  });

  describe('with transaction signing', () => {
    const DATA = '{"amount":"10.00","to":"NL91ABNA0417164300"}\n';

    it('signs the exact bytes, and openssl verifies the signature with the key in the result', async () => {
      const phone = await stack.enrolPhone('signing');
      const { body } = await beginOf(phone, 'signing', { signing_data: DATA });
      const challenge = await phone.client.fetchChallenge(body.transaction_id);
      expect(challenge.signingData).toBe(DATA);
      expect(await phone.client.approve(challenge)).toEqual({ status: 'approved' });
      const result = await resultOf(body.transaction_id);
      expect(result).toMatchObject({
        signature_verified: true,
        user_public_key: expect.stringMatching(/^-----BEGIN PUBLIC/),
      });
      expect(await eventsOf(body.transaction_id)).toContain('PUSH_AUTH_TRANSACTION_SIGNING_SUCCEEDED');

      const folder = mkdtempSync(join(tmpdir(), 'countersign-openssl-'));
      try {
        const file = (name: string, content: string | Buffer) => {
          writeFileSync(join(folder, name), content);
          return join(folder, name);
        };
        const output = execFileSync('openssl', [
          ...['dgst', '-sha256', '-verify', file('key.pem', result.user_public_key)],
          ...['-signature', file('signature', Buffer.from(result.signature, 'base64')), file('data', DATA)],
        ]);
        expect(output.toString()).toContain('Verified OK');
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it('takes no approval without the signature, or with one over other data', async () => {
      const phone = await stack.enrolPhone('signing-wrong');
      const { body } = await beginOf(phone, 'signing', { signing_data: DATA });
      const raw = await createRawPhone(stack.apiUrl, phone);
      const { transaction_id: transactionId } = body;
      const approval = {
        ...{ purpose: 'answer', transactionId, enrolmentId: raw.enrolmentId, decision: 'approve' },
        nonce: await raw.fetchNonce(transactionId),
      };
      const key = createPrivateKey({ key: raw.signingKey as JsonWebKey, format: 'jwk' });
      const signature = sign('sha256', Buffer.from(`${DATA} `), key).toString('base64');
      for (const answer of [approval, { ...approval, signature }]) {
        expect(await raw.answer(transactionId, await raw.seal(answer))).toMatchObject({
          ...{ status: 400, body: { code: 'answer_invalid' } },
        });
      }
      expect((await eventsOf(transactionId)).slice(-2)).toEqual([
        'MOBILE_AUTH_ANSWER_REFUSED',
        'PUSH_AUTH_TRANSACTION_SIGNING_FAILED_INVALID_SIGNATURE',
      ]);
      expect(await resultOf(body.transaction_id)).toMatchObject({ status: 'pending' });
    });

    it('ignores signing data where the type does not sign', async () => {
      const phone = await stack.enrolPhone('signing-off');
      const { body } = await beginOf(phone, 'push', { signing_data: DATA });
      const challenge = await phone.client.fetchChallenge(body.transaction_id);
      expect(challenge).not.toHaveProperty('signingData');
      await phone.client.approve(challenge);
      expect(await resultOf(body.transaction_id)).not.toHaveProperty('signature');
    });
  });
});
