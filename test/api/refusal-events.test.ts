import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as openpgp from 'openpgp';
import { createRawPhone, type RawPhone } from '../support/raw-phone.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const V4 = '/oauth/api/v4/authenticate';
const ENROLMENTS = '/device/v1/enrolments';
const UNKNOWN = '01a20c2c-cdb5-76ee-bd90-c0ea062108a5';

/** Every refusal leaves an event beside its reply, with what is known of user, client, transaction and caller. */
describe('a refusal', () => {
  let stack: Stack;
  let phone: Phone;
  let raw: RawPhone;

  beforeAll(async () => {
    stack = await startStack({ env: { TRUST_PROXY: 'loopback' } });
    phone = await stack.enrolPhone('alice');
    raw = await createRawPhone(stack.apiUrl, phone);
  });
  afterAll(() => stack?.stop());

  let seen = 0;
  /** Events written since this was called last. */
  const news = async (): Promise<Record<string, unknown>[]> => {
    const found = await stack.database.knex('events').where('id', '>', seen).orderBy('id');
    seen = Math.max(seen, ...found.map(({ id }) => Number(id)));
    return found;
  };
  const namesOf = async () => (await news()).map(({ name }) => name);

  const beginForm = (changes: Record<string, string> = {}) => ({
    type: 'push',
    user_id: 'alice',
    device_id: phone.deviceId,
    callback_uri: stack.callbacks.url,
    message: 'Log in?',
    ...changes,
  });

  describe('of a begin', () => {
    it.each<[string, Record<string, string>, string]>([
      ['without device', { device_id: '' }, 'PUSH_AUTH_INIT_FAILURE_MISSING_DEVICE_ID'],
      ['without user', { user_id: '' }, 'MOBILE_AUTH_INIT_FAILURE_INVALID_REQ'],
      ['of an unknown type', { type: 'smoke-signal' }, 'MOBILE_AUTH_INIT_FAILURE_INVALID_AUTH_PROPERTIES_NAME'],
      ['for a device of nobody', { device_id: 'nobody' }, 'PUSH_AUTH_INIT_FAILURE_NO_PUSH_ENROLLMENT'],
      ['by a method the phone lacks', { type: 'push-pin' }, 'PUSH_AUTH_INIT_FAILURE_AUTH_METHOD_NOT_AVAILABLE'],
      ['with a long message', { message: 'm'.repeat(200) }, 'PUSH_AUTH_INIT_FAILURE_MESSAGE_TOO_LONG'],
    ])('%s is an event of one name', async (_case, changes, name) => {
      await news();
      const reply = await stack.portal.begin(beginForm(changes), {
        'x-forwarded-for': '203.0.113.7',
        'user-agent': `portal/1 ${'x'.repeat(400)}`,
      });
      expect(reply.status).toBeGreaterThanOrEqual(400);
      expect(await news()).toEqual([
        expect.objectContaining({
          name,
          client_id: 'demo-portal',
          client_ip: '203.0.113.7',
          user_agent: `portal/1 ${'x'.repeat(247)}`,
          details: { refusal: reply.body.error_code },
          user_id: changes.user_id === '' ? null : 'alice',
        }),
      ]);
    });

    it('names the user once the form is read, and no address that a proxy made up', async () => {
      await news();
      await stack.portal.begin(beginForm({ type: 'smoke-signal' }), { 'x-forwarded-for': 'unknown' });
      expect(await news()).toEqual([expect.objectContaining({ user_id: 'alice', client_ip: null })]);
    });

    it('by the provider is told by the worker alone', async () => {
      const gone = await stack.enrolPhone('gone');
      await fetch(`${stack.fcm.url}/simulator/registrations/${encodeURIComponent(gone.pushToken)}`, {
        method: 'DELETE',
      });
      await news();
      const reply = await stack.portal.begin(beginForm({ user_id: 'gone', device_id: gone.deviceId }));
      expect(reply.body.error_code).toBe('1002');
      expect(await namesOf()).toEqual([
        'PUSH_AUTH_INITIALIZED',
        'PUSH_ENROLLMENT_ENDED',
        'PUSH_AUTH_PUSH_SERVICE_FAILURE',
        'MOBILE_AUTH_FAILED',
      ]);
    });

    it('for want of credentials is one event, without a word on who it might have been', async () => {
      await news();
      await fetch(`${stack.apiUrl}${V4}/user`, {
        method: 'POST',
        body: new URLSearchParams({ ...beginForm(), client_id: 'demo-portal', client_secret: 'wrong' }),
      });
      expect(await news()).toEqual([
        expect.objectContaining({ name: 'API_AUTHENTICATION_FAILED', client_id: null, user_id: null }),
      ]);
    });
  });

  it('of an older version is told by what it lacks', async () => {
    const { knex } = stack.database;
    const begin = (version: string, form: Record<string, string>) =>
      stack.portal.request('POST', `/oauth/api/${version}/authenticate/user`, { body: new URLSearchParams(form) });
    const { device_id: _device, ...form } = beginForm();
    await news();
    await begin('v3', form);
    expect(await namesOf()).toEqual(['PUSH_AUTH_INIT_FAILURE_MISSING_APP_ID']);
    const [enrolment] = await knex('enrolments').where({ user_id: 'alice' });
    const second = { id: randomUUID(), push_token_hmac: randomBytes(32), signing_key: JSON.stringify({}) };
    await knex('enrolments').insert({ ...enrolment, ...second });
    await begin('v3', { ...form, app_id: 'demo-app' });
    expect(await namesOf()).toEqual(['PUSH_AUTH_INIT_FAILURE_MULTIPLE_PUSH_ENROLLMENTS']);
    await knex('enrolments').where({ id: second.id }).delete();
    await knex('general_settings').update({ push_enrolment_mode: 'multiple_devices' });
    while ((await begin('v3', { ...form, app_id: 'none' })).body.error_code !== '4001') await news();
    expect(await namesOf()).toEqual(['INVALID_API_VERSION_BASED_ON_SERVER_CONFIG']);
    await knex('general_settings').update({ push_enrolment_mode: 'single_device' });
    while ((await begin('v3', { ...form, app_id: 'none' })).body.error_code === '4001');
  });

  it('of a result, and its reading once there is one, are events; asking before is none', async () => {
    const transactionId = await stack.begin(phone);
    await news();
    await stack.portal.result(transactionId);
    expect(await namesOf()).toEqual([]);
    await phone.client.deny(transactionId);
    await stack.callbacks.waitFor(transactionId);
    await news();
    await stack.portal.result(transactionId);
    await stack.portal.result(UNKNOWN);
    expect(await news()).toEqual([
      expect.objectContaining({
        name: 'PUSH_AUTH_TRANSACTION_RETRIEVED',
        transaction_id: transactionId,
        user_id: 'alice',
        client_id: 'demo-portal',
      }),
      expect.objectContaining({ name: 'PUSH_AUTH_TRANSACTION_NOT_RETRIEVED', transaction_id: UNKNOWN }),
    ]);
  });

  it('of a resend past the limit is told, and so is each resend before', async () => {
    const transactionId = await stack.begin(phone);
    await news();
    for (let sent = 0; sent < 3; sent++) await stack.portal.resend('alice', transactionId);
    const accepted = 'PUSH_AUTH_PUSH_SERVICE_ACCEPTED_NOTIFICATION';
    expect(await namesOf()).toEqual([
      ...[accepted, 'PUSH_AUTH_RESEND_SUCCESS', accepted, 'PUSH_AUTH_RESEND_SUCCESS'],
      'PUSH_AUTH_RESEND_FAILURE_RESEND_LIMIT_REACHED',
    ]);
    await stack.portal.cancel(transactionId);
  });

  it('of a resend to a phone whose token is gone is told', async () => {
    const fading = await stack.enrolPhone('fading');
    const transactionId = await stack.begin(fading);
    await fading.client.endPush();
    await news();
    expect((await stack.portal.resend('fading', transactionId)).body.error_code).toBe('1002');
    expect(await namesOf()).toEqual(['PUSH_AUTH_PUSH_SERVICE_FAILURE', 'PUSH_AUTH_RESEND_FAILURE_NO_PUSH_ENROLLMENT']);
    await stack.portal.cancel(transactionId);
  });

  it('of a code by SMS, or of another SMS, is told', async () => {
    const post = (path: string, form: Record<string, string>) =>
      stack.portal.request('POST', `${V4}/user/alice/${path}`, { body: new URLSearchParams(form) });
    await news();
    await post('sms', { transaction_id: UNKNOWN, sms_code: '123456' });
    await post('sms/resend', { transaction_id: UNKNOWN });
    expect(await news()).toEqual(
      ['SMS_AUTH_FAILURE_INVALID_TRANSACTION', 'SMS_RESEND_FAILED'].map((name) =>
        expect.objectContaining({ name, user_id: 'alice', transaction_id: UNKNOWN, client_id: 'demo-portal' }),
      ),
    );
  });

  describe('of a phone', () => {
    const fetchPath = (id: string) => `/device/v1/transactions/${id}/fetch`;
    const answerPath = (id: string) => `/device/v1/transactions/${id}/answer`;
    const requestId = () => ({ requestId: randomUUID() });

    it('that fetches is told by what is wrong with it', async () => {
      const transactionId = await stack.begin(phone);
      await raw.fetchNonce(transactionId);
      const fresh = await stack.begin(phone);
      await stack.portal.cancel(fresh);
      await news();
      await raw.request('POST', fetchPath(transactionId), requestId());
      await raw.request('POST', fetchPath(UNKNOWN), requestId());
      await raw.request('POST', fetchPath(fresh), requestId());
      await raw.request('POST', fetchPath(transactionId), requestId(), { claims: { htm: 'GET' } });
      await raw.request('POST', fetchPath(transactionId), requestId(), { header: { kid: randomUUID() } });
      const refused = (reason: string, transaction_id = transactionId) =>
        expect.objectContaining({ name: `MOBILE_AUTH_FETCH_FAILED_${reason}`, user_id: 'alice', transaction_id });
      expect(await news()).toEqual([
        refused('TRANSACTION_ALREADY_FETCHED'),
        refused('INVALID_TRANSACTION', UNKNOWN),
        refused('INVALID_TRANSACTION', fresh),
        expect.objectContaining({ name: 'MOBILE_AUTH_FETCH_FAILED_INVALID_CLIENT_ID', user_id: null }),
        expect.objectContaining({ name: 'MOBILE_AUTH_FETCH_FAILED_NO_USER_CLIENT_KEYS', user_id: null }),
      ]);
      await stack.portal.cancel(transactionId);
    });

    it('that answers is told by what is wrong with it', async () => {
      const transactionId = await stack.begin(phone);
      const approval = await raw.approval(transactionId);
      await news();
      await raw.answer(transactionId, 'no message at all');
      await raw.answer(transactionId, await raw.seal({ purpose: 'answer', decision: 'approve' }));
      await raw.answer(UNKNOWN, approval);
      await raw.request('POST', answerPath(transactionId), { answer: approval }, { claims: { iat: 5 } });
      await raw.request('POST', answerPath(transactionId), { answer: approval }, { header: { kid: randomUUID() } });
      expect(await namesOf()).toEqual([
        'PUSH_AUTH_NOT_AUTHENTICATED_FAILED_TO_DECRYPT_MESSAGE',
        'MOBILE_AUTH_ANSWER_REFUSED',
        'PUSH_AUTH_NOT_AUTHENTICATED_INVALID_TRANSACTION',
        'MOBILE_AUTH_NOT_AUTHENTICATED_INVALID_TOKEN',
        'PUSH_AUTH_NOT_AUTHENTICATED_NO_USER_CLIENT_KEYS',
      ]);
      await stack.portal.cancel(transactionId);
      await news();
      await raw.answer(transactionId, approval);
      expect(await news()).toEqual([
        expect.objectContaining({
          name: 'PUSH_AUTH_NOT_AUTHENTICATED_INVALID_STATE',
          transaction_id: transactionId,
          user_id: 'alice',
          device_id: phone.deviceId,
          client_ip: '127.0.0.1',
        }),
      ]);
    });

    it('that brings a code is told, and so is a begin that asks a certain user by a code', async () => {
      await news();
      await raw.request('POST', '/device/v1/otp', { otp: 'no-code', ...requestId() });
      await raw.request('POST', '/device/v1/otp', { otp: 'no-code', ...requestId() }, { claims: { iat: 5 } });
      await stack.portal.begin({ type: 'otp', user_id: 'alice', callback_uri: stack.callbacks.url, message: 'Hi' });
      expect(await namesOf()).toEqual([
        'OTP_AUTH_NOT_AUTHENTICATED_INVALID_OTP',
        'OTP_AUTH_NOT_AUTHENTICATED_INVALID_ACCESS_TOKEN',
        'OTP_AUTH_INIT_FAILURE',
      ]);
    });

    it('that brings a push token is told apart by whether it is the first', async () => {
      const other = await stack.enrolPhone('other');
      await news();
      const put = (body: object) => raw.request('PUT', '/device/v1/push-token', body);
      await put({ pushToken: other.pushToken, oldPushToken: phone.pushToken });
      await put({ pushToken: 'another', oldPushToken: 'not-the-old-one' });
      await put({ pushToken: 5 });
      await raw.request('PUT', '/device/v1/push-token', { pushToken: 'first' }, { claims: { iat: 5 } });
      const ofNobody = { header: { kid: randomUUID() } };
      await raw.request('PUT', '/device/v1/push-token', { pushToken: 'first' }, ofNobody);
      await raw.request('PUT', '/device/v1/push-token', { pushToken: 'next', oldPushToken: 'first' }, ofNobody);
      expect(await namesOf()).toEqual([
        'PUSH_ENROLLMENT_UPDATE_FAILURE_EXISTING_PUSH_TOKEN',
        'PUSH_ENROLLMENT_UPDATE_FAILURE_INVALID_REQ',
        'PUSH_ENROLLMENT_FAILURE_INVALID_REQ',
        'PUSH_ENROLLMENT_FAILURE_INVALID_ACCESS_TOKEN',
        'PUSH_ENROLLMENT_FAILURE_KEYS_NOT_EXCHANGED',
        'PUSH_ENROLLMENT_UPDATE_FAILURE_NOT_ENROLLED',
      ]);
    });

    it('that changes its keys is told', async () => {
      await news();
      await raw.request('POST', '/device/v1/keys', {});
      await raw.request('POST', '/device/v1/keys', {}, { claims: { iat: 5 } });
      expect(await namesOf()).toEqual([
        'ENROLLMENT_UPDATE_FAILURE_INVALID_REQ',
        'ENROLLMENT_UPDATE_FAILURE_INVALID_TOKEN',
      ]);
    });
  });

  describe('of an enrolment', () => {
    const enrol = async (changes: (ticket: { reference: string; secret: string }) => object, userId = 'new') => {
      const keys = (await generateKeyPair('ES256', { extractable: true })) as CryptoKeyPair;
      const { publicKey } = await openpgp.generateKey({
        type: 'ecc',
        curve: 'curve25519Legacy',
        userIDs: [{ name: 'phone' }],
        format: 'armored',
      });
      const jwk = await exportJWK(keys.publicKey);
      const { reference, secret } = (await stack.portal.ticket(userId)).body;
      const body = JSON.stringify({
        ticket: { reference, secret },
        device: { id: randomBytes(32).toString('hex'), name: 'Phone', platform: 'android' },
        pgpPublicKey: publicKey,
        signingKey: { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y },
        ...changes({ reference, secret }),
      });
      const proof = await new SignJWT({
        htm: 'POST',
        htu: stack.apiUrl + ENROLMENTS,
        iat: Math.floor(Date.now() / 1000),
        jti: randomUUID(),
        body_sha256: createHash('sha256').update(body).digest('base64url'),
      })
        .setProtectedHeader({ alg: 'ES256', typ: 'countersign-proof+jwt', jwk })
        .sign(keys.privateKey);
      const headers = { 'content-type': 'application/json', 'device-proof': proof };
      await news();
      return fetch(stack.apiUrl + ENROLMENTS, { method: 'POST', body, headers });
    };

    it('is told with the user that its ticket proved', async () => {
      await enrol(({ reference }) => ({ ticket: { reference, secret: 'wrong' } }));
      expect(await news()).toEqual([
        expect.objectContaining({ name: 'KEY_ENROLLMENT_FAILURE_INVALID_TOKEN', user_id: null }),
      ]);
      await enrol(() => ({ pgpPublicKey: 'none' }));
      expect(await namesOf()).toEqual(['KEY_ENROLLMENT_FAILURE_INVALID_REQUEST']);
      await enrol(() => ({}), 'alice');
      expect(await news()).toEqual([
        expect.objectContaining({
          name: 'KEY_ENROLLMENT_FAILURE_UPDATE_DISABLED',
          user_id: 'alice',
          application_id: 'demo-app',
        }),
      ]);
      await enrol(() => ({ pushToken: 'a-token' }), 'alice');
      expect(await namesOf()).toEqual(['PUSH_ENROLLMENT_FAILURE_USER_ALREADY_ENROLLED']);
      await enrol(() => ({ pushToken: phone.pushToken }), 'thief');
      expect(await news()).toEqual([
        expect.objectContaining({ name: 'PUSH_ENROLLMENT_FAILURE_EXISTING_PUSH_TOKEN', user_id: 'thief' }),
      ]);
    });

    it('begins with a ticket, which is told too, or that it was refused', async () => {
      await news();
      await stack.portal.ticket('ticketed');
      const headers = { 'content-type': 'application/json' };
      const body = '{"userId":"ticketed","applicationId":"none"}';
      await stack.portal.request('POST', '/admin/v1/enrolment-tickets', { body, headers });
      const ofPortal = { client_id: 'demo-portal', client_ip: '127.0.0.1' };
      expect(await news()).toEqual([
        expect.objectContaining({ name: 'ENROLLMENT_INITIALIZED', user_id: 'ticketed', ...ofPortal }),
        expect.objectContaining({ name: 'ENROLLMENT_INIT_FAILURE_INVALID_REQ', ...ofPortal }),
      ]);
    });

    it('is told also where the body is no JSON', async () => {
      await news();
      const headers = { 'content-type': 'application/json' };
      await fetch(stack.apiUrl + ENROLMENTS, { method: 'POST', body: '{', headers });
      await fetch(stack.apiUrl + ENROLMENTS);
      expect(await namesOf()).toEqual(['KEY_ENROLLMENT_FAILURE_INVALID_REQUEST']);
    });

    it('that succeeds has the address of the phone', async () => {
      const reply = await enrol(() => ({ pushToken: 'fresh-token' }), 'success');
      expect(reply.status).toBe(201);
      const written = await news();
      expect(written.map(({ name }) => name)).toEqual(['KEY_ENROLLMENT_SUCCESS', 'PUSH_ENROLLMENT_SUCCESS']);
      for (const event of written) {
        expect(event).toMatchObject({ client_ip: '127.0.0.1', user_agent: expect.any(String), user_id: 'success' });
      }
    });
  });

  it('is told all the same when its event can not be written', async () => {
    const { knex } = stack.database;
    await knex.raw('alter table events add constraint none check (name = $$PUSH_AUTH_INITIALIZED$$) not valid');
    try {
      expect((await stack.portal.begin(beginForm({ type: 'smoke-signal' }))).body.error_code).toBe('3005');
    } finally {
      await knex.raw('alter table events drop constraint none');
    }
    expect(stack.api.output()).toMatch(
      /"event":"MOBILE_AUTH_INIT_FAILURE_INVALID_AUTH_PROPERTIES_NAME","lostEvents":1.*an event was not written/,
    );
  });
});
