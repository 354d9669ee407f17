import { ONESPAN_REFUSALS } from '../../runtime/onespan-errors.ts';
import type { OneSpanPortal } from '../support/onespan-portal.ts';
import { type OneSpanStack, PASSWORD, startOneSpanStack } from '../support/onespan-stack.ts';

const PHONE_PIN = '48151';

let stack: OneSpanStack;
let onespan: OneSpanPortal;

beforeAll(async () => {
  stack = await startOneSpanStack();
  ({ onespan } = stack);
});
afterAll(() => stack?.stop());

describe('a login', () => {
  it.each([
    ['push', 'push', {}],
    ['NoPIN', 'push', {}],
    ['PIN', 'push_with_pin', { pin: PHONE_PIN }],
    ['Fingerprint', 'push_with_fingerprint', { biometric: true }],
  ])('with the keyword %s asks the phone by %s, and is accepted when it agrees', async (keyword, method, input) => {
    const phone = await stack.aUser(`keyword-${keyword}`);
    await phone.client.setPin(PHONE_PIN);
    await phone.client.registerBiometric();
    const requestID = await stack.loginOf(phone, keyword);
    expect(await stack.sessionOf(requestID)).toEqual({ sessionStatus: 'pending' });
    const [pending] = await phone.client.pending();
    expect(pending).toMatchObject({ transactionId: requestID, message: 'Login Request: Tap here to log in' });
    const challenge = await phone.client.fetchChallenge(requestID);
    expect(challenge).toMatchObject({ method, message: 'Do you want to log in to the demo bank?' });
    expect(await phone.client.approve(challenge, input)).toEqual({ status: 'approved' });
    expect(await stack.sessionOf(requestID)).toEqual({ sessionStatus: 'accepted' });
    // Asked again, as after a reply that was lost: the same.
    expect(await stack.sessionOf(requestID)).toEqual({ sessionStatus: 'accepted' });
  });

  it('is refused when the user refuses, which counts as no failure of any kind', async () => {
    const phone = await stack.aUser('refuser');
    await phone.client.setPin(PHONE_PIN);
    for (let time = 0; time < 7; time += 1) {
      const requestID = await stack.loginOf(phone, 'PIN');
      expect(await phone.client.deny(requestID, { reason: 'not_me' })).toEqual({ status: 'denied' });
      expect(await stack.sessionOf(requestID)).toEqual({ sessionStatus: 'refused' });
    }
    const counters = await stack.database
      .knex('enrolments as e')
      .join('onespan_users as u', 'u.user_id', 'e.user_id')
      .where('e.user_id', 'refuser')
      .first('e.pin_failures', 'u.password_failures', 'e.revoked_at');
    expect(counters).toEqual({ pin_failures: 0, password_failures: 0, revoked_at: null });
  });

  it('times out when nobody answers', async () => {
    const phone = await stack.aUser('sleeper');
    const brief = { applicationId: 'demo-app', typeName: 'push', timeoutSeconds: 1, isDefault: false };
    expect(await onespan.putDomain('brief', brief)).toMatchObject({ status: 200 });
    const other = await stack.enrolPhone('sleeper@brief');
    await onespan.setPassword('sleeper@brief', PASSWORD);
    const waited = await onespan.login('sleeper@brief', `push${PASSWORD}`, { timeout: 60 });
    expect(waited).toMatchObject({
      status: 409,
      body: { error: 'Conflict', message: 'Timed out', sessionStatus: 'timeout', requestID: expect.any(String) },
    });
    expect(await stack.sessionOf(waited.body.requestID)).toEqual({ sessionStatus: 'timeout' });
    expect(await other.client.pending()).toEqual([]);
    expect(await phone.client.pending()).toEqual([]);
  });

  it('has failed when the phone has used up its attempts, and when the portal or an operator takes it back', async () => {
    const phone = await stack.aUser('clumsy');
    await phone.client.setPin(PHONE_PIN);
    const taken = await stack.loginOf(phone);
    await stack.portal.cancel(taken);
    expect(await stack.sessionOf(taken)).toEqual({ sessionStatus: 'failure' });
    const requestID = await stack.loginOf(phone, 'PIN');
    const challenge = await phone.client.fetchChallenge(requestID);
    for (const pin of ['11112', '11113', '11114']) await phone.client.approve(challenge, { pin });
    expect(await stack.sessionOf(requestID)).toEqual({ sessionStatus: 'failure' });
  });

  it('is told that the push could not be handed over', async () => {
    const phone = await stack.aUser('unreachable');
    await fetch(`${stack.fcm.url}/simulator/registrations/${encodeURIComponent(phone.pushToken)}`, {
      method: 'DELETE',
    });
    const reply = await onespan.login('unreachable', `push${PASSWORD}`);
    expect(reply).toMatchObject({
      status: 409,
      body: { error: 'Conflict', message: ONESPAN_REFUSALS.gateway_failed, requestID: expect.any(String) },
    });
    expect(await stack.sessionOf(reply.body.requestID)).toEqual({ sessionStatus: 'failure' });
  });

  it('is told that the user has no phone that could be asked this way', async () => {
    await stack.aUser('no-pin');
    await onespan.setPassword('no-phone', PASSWORD);
    const refusal = { status: 409, body: { error: 'Conflict', message: ONESPAN_REFUSALS.no_authenticator } };
    expect(await onespan.login('no-phone', `push${PASSWORD}`)).toMatchObject(refusal);
    expect(await onespan.login('no-pin', `PIN${PASSWORD}`)).toMatchObject(refusal);
  });

  it('takes an adaptive login, and passes over its risk data', async () => {
    await stack.aUser('adaptive');
    const { body } = await onespan.login('adaptive', `push${PASSWORD}`, {
      objectType: 'AdaptiveLoginInput',
      cddc: { browserCDDC: { fingerprintHash: 'h', fingerprintRaw: '{}' } },
      ...{ relationshipRef: 'adaptive', sessionID: 's', clientIP: '192.0.2.1', applicationRef: 'a' },
    });
    expect(body).toEqual({ sessionStatus: 'pending', requestID: expect.any(String) });
  });

  it('can lead the phone to it by a message in place of a push', async () => {
    const phone = await stack.aUser('scanner');
    const more = { orchestrationDelivery: ['requestMessage'] };
    const { body } = await onespan.login('scanner', `push${PASSWORD}`, more);
    expect(body).toMatchObject({ sessionStatus: 'pending', requestMessage: expect.stringMatching(/^[0-9A-F]+$/) });
    expect(await stack.database.knex('push_sends').where({ transaction_id: body.requestID })).toEqual([]);
    const challenge = await phone.client.fetchChallenge(body.requestID);
    await phone.client.approve(challenge);
    expect(await stack.sessionOf(body.requestID)).toEqual({ sessionStatus: 'accepted' });
  });
});

describe('a login that waits', () => {
  it('is answered when the phone has answered', async () => {
    const phone = await stack.aUser('waiter');
    const waiting = onespan.login('waiter', `push${PASSWORD}`, { timeout: 60 });
    const [pending] = await stack.pendingOf(phone);
    await phone.client.approve(await phone.client.fetchChallenge(pending?.transactionId as string));
    expect(await waiting).toMatchObject({
      status: 200,
      body: { sessionStatus: 'accepted', requestID: pending?.transactionId },
    });
  });

  it('is told that the user refused', async () => {
    const phone = await stack.aUser('waiting-refused');
    const waiting = onespan.login('waiting-refused', `push${PASSWORD}`, { timeout: 60 });
    const [pending] = await stack.pendingOf(phone);
    await phone.client.deny(pending?.transactionId as string);
    expect(await waiting).toMatchObject({
      status: 409,
      body: { message: 'User refused', requestID: pending?.transactionId, sessionStatus: 'refused' },
    });
  });

  it('is answered as pending when its own time is up, and can be polled from then on', async () => {
    const phone = await stack.aUser('impatient');
    const { body } = await onespan.login('impatient', `push${PASSWORD}`, { timeout: '1' });
    expect(body).toEqual({ sessionStatus: 'pending', requestID: expect.any(String) });
    await phone.client.approve(await phone.client.fetchChallenge(body.requestID));
    expect(await stack.sessionOf(body.requestID)).toEqual({ sessionStatus: 'accepted' });
  });
});
