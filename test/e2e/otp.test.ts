import { verifyReceipt } from '../../dev/receipt/verify-receipt.ts';
import { otpText, readOtp } from '../../runtime/device-wire.ts';
import type { PortalReply } from '../support/portal.ts';
import { createRawPhone } from '../support/raw-phone.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
  await stack.database
    .knex('authentication_types')
    .insert({ name: 'otp-brief', method: 'otp', time_to_live_seconds: 1, max_resends: 0 });
});
afterAll(() => stack?.stop());

const begin = (form: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<PortalReply> =>
  stack.portal.begin(
    { type: 'otp', callback_uri: stack.callbacks.url, message: 'Log in at the shop?', ...form },
    headers,
  );
const resultOf = async (transactionId: string) => (await stack.portal.result(transactionId)).body;

it('begins without a user, and tells the user who read the code and approved', async () => {
  const phone = await stack.enrolPhone('reader');
  const { status, body } = await begin({ secure_message: 'Log in at till 3?' });
  expect(status).toBe(200);
  expect(body).toEqual({
    transaction_id: expect.any(String),
    auth_method: 'otp',
    time_to_live: 120_000,
    otp: expect.stringMatching(/^[A-Za-z0-9]{80}$/),
  });
  expect(Buffer.from(body.otp, 'base64').toString()).toMatch(new RegExp(`^${body.transaction_id}:[\\w-]{23}$`));
  const pending = await resultOf(body.transaction_id);
  expect(pending).toMatchObject({ status: 'pending', is_authenticated: false });
  expect(pending).not.toHaveProperty('user_id');

  expect(phone.client.canHandleOtp(body.otp)).toBe(true);
  const challenge = await phone.client.claimOtp(body.otp);
  expect(challenge).toMatchObject({ method: 'otp', message: 'Log in at till 3?', transactionId: body.transaction_id });
  expect(await phone.client.approve(challenge)).toEqual({ status: 'approved' });
  await stack.callbacks.waitFor(body.transaction_id, 1);
  expect(await resultOf(body.transaction_id)).toMatchObject({
    user_id: 'reader',
    is_authenticated: true,
    authentication_method: 'otp',
    status: 'approved',
  });
  expect(await stack.database.knex('push_sends').where({ transaction_id: body.transaction_id })).toEqual([]);
  const events = await stack.database.knex('events').where({ transaction_id: body.transaction_id }).orderBy('id');
  expect(events.map(({ name, user_id }) => [name, user_id])).toEqual([
    ['OTP_AUTH_INITIALIZED', null],
    ['MOBILE_AUTH_FETCH_SECURED_MESSAGE_FETCHED', 'reader'],
    ['MOBILE_AUTH_AUTHENTICATED', 'reader'],
    ['PUSH_AUTH_CALLBACK_SENT', 'reader'],
    ['PUSH_AUTH_TRANSACTION_RETRIEVED', 'reader'],
  ]);
});

it('is denied by whoever read it', async () => {
  const phone = await stack.enrolPhone('denier');
  const { body } = await begin();
  await phone.client.deny(await phone.client.claimOtp(body.otp), { reason: 'not_me' });
  expect(await resultOf(body.transaction_id)).toMatchObject({
    user_id: 'denier',
    status: 'denied',
    not_authenticated_reason: { reason: 'not_accepted' },
  });
});

it('belongs to the first of sixteen phones that read it at once', async () => {
  const phones = await Promise.all(Array.from({ length: 16 }, (_, index) => stack.enrolPhone(`one-of-${index}`)));
  const { body } = await begin();
  const claims = await Promise.allSettled(phones.map(({ client }) => client.claimOtp(body.otp)));
  const winner = claims.findIndex(({ status }) => status === 'fulfilled');
  for (const [index, claim] of claims.entries()) {
    if (index === winner) continue;
    expect(claim).toMatchObject({ status: 'rejected', reason: { code: 'otp_already_claimed', number: 9029 } });
  }
  const won = phones[winner];
  if (!won) throw new Error('nobody won');
  await won.client.approve(await won.client.claimOtp(body.otp));
  expect(await resultOf(body.transaction_id)).toMatchObject({ user_id: won.userId, is_authenticated: true });
});

it('takes no answer before it is claimed, and none from another phone after', async () => {
  const [phone, other] = await Promise.all([stack.enrolPhone('owner'), stack.enrolPhone('foreign')]);
  const { body } = await begin();
  await expect(other.client.deny(body.transaction_id)).rejects.toMatchObject({ code: 'transaction_unknown' });
  await phone.client.claimOtp(body.otp);
  await expect(other.client.deny(body.transaction_id)).rejects.toMatchObject({ code: 'transaction_unknown' });
  expect(await resultOf(body.transaction_id)).toMatchObject({ status: 'pending', user_id: 'owner' });
});

it('gives the same phone the same challenge again, and another request of it none', async () => {
  const phone = await stack.enrolPhone('again');
  const raw = await createRawPhone(stack.apiUrl, phone);
  const { body } = await begin();
  const first = await phone.client.claimOtp(body.otp);
  const again = await phone.client.claimOtp(` https://app.example/open#${body.otp} `);
  const same = { ...first, expiresInMs: expect.any(Number) };
  expect(again).toEqual(same);
  expect(await phone.client.fetchChallenge(body.transaction_id)).toEqual(same);
  expect((await phone.client.pending()).map(({ transactionId }) => transactionId)).toEqual([body.transaction_id]);
  const request = { otp: body.otp, requestId: 'another-request-id' };
  expect(await raw.request('POST', '/device/v1/otp', request)).toMatchObject({
    status: 409,
    body: { code: 'challenge_already_fetched' },
  });
});

it('refuses codes that are none, guessed or of another transaction, all alike', async () => {
  const phone = await stack.enrolPhone('guesser');
  const raw = await createRawPhone(stack.apiUrl, phone);
  const [{ body: one }, { body: other }] = await Promise.all([begin(), begin()]);
  const codeOf = (otp: string) => readOtp(otp)?.code as string;
  const claim = (otp: string) => raw.request('POST', '/device/v1/otp', { otp, requestId: 'a-request-id-long' });
  const guesses = [
    otpText({ transactionId: one.transaction_id, code: codeOf(other.otp) }),
    otpText({ transactionId: one.transaction_id, code: 'A'.repeat(23) }),
    otpText({ transactionId: '00000000-0000-4000-8000-000000000000', code: codeOf(one.otp) }),
    'no code',
  ];
  for (const guess of guesses) {
    expect(await claim(guess)).toMatchObject({ status: 404, body: { code: 'otp_invalid' } });
  }
  expect(await claim('')).toMatchObject({ status: 400, body: { code: 'request_invalid' } });
  const { body: push } = await stack.portal.begin({
    ...{ type: 'push', user_id: 'guesser', device_id: phone.deviceId },
    ...{ callback_uri: stack.callbacks.url, message: 'A push' },
  });
  expect(push.otp).toBeUndefined();
  await expect(phone.client.claimOtp('no code')).rejects.toMatchObject({ number: 10018, code: 'otp_not_handleable' });
});

it('is of no use after its end, and says how it ended', async () => {
  const phone = await stack.enrolPhone('late');
  const { body: cancelled } = await begin();
  await stack.portal.cancel(cancelled.transaction_id);
  await expect(phone.client.claimOtp(cancelled.otp)).rejects.toMatchObject({ code: 'transaction_already_settled' });
  const { body: brief } = await begin({ type: 'otp-brief' });
  await stack.callbacks.waitFor(brief.transaction_id, 1);
  await expect(phone.client.claimOtp(brief.otp)).rejects.toMatchObject({ code: 'transaction_expired', number: 10013 });
  const result = await resultOf(brief.transaction_id);
  expect(result).toMatchObject({ status: 'expired' });
  expect(result).not.toHaveProperty('user_id');
});

it('has a receipt that verifies, with its user or with none', async () => {
  const phone = await stack.enrolPhone('receipted');
  const { body } = await begin();
  await phone.client.approve(await phone.client.claimOtp(body.otp));
  const { body: brief } = await begin({ type: 'otp-brief' });
  await stack.callbacks.waitFor(brief.transaction_id, 1);
  const keySet = await (await fetch(`${stack.apiUrl}/.well-known/jwks.json`)).json();
  const receiptOf = async (id: string) =>
    (await stack.portal.request('GET', `/oauth/api/v4/authenticate/transaction/${id}/receipt`)).body.receipt;
  const { claims: approved } = await verifyReceipt(await receiptOf(body.transaction_id), keySet);
  expect(approved).toMatchObject({ user_id: 'receipted', method: 'otp', outcome: { status: 'approved' } });
  const { claims: expired } = await verifyReceipt(await receiptOf(brief.transaction_id), keySet);
  expect(expired).toMatchObject({ outcome: { status: 'expired' } });
  expect(expired).not.toHaveProperty('user_id');
});

it('is drawn as a QR code until it is read', async () => {
  const phone = await stack.enrolPhone('viewer');
  const { body } = await begin();
  const path = `/oauth/api/v4/authenticate/transaction/${body.transaction_id}/otp`;
  const svg = await stack.portal.request('GET', `${path}.svg`);
  expect(svg.headers.get('content-type')).toContain('image/svg+xml');
  expect(svg.headers.get('cache-control')).toContain('no-store');
  expect(svg.body).toMatch(/^<svg [\s\S]*<\/svg>$/);
  const png = await stack.portal.request('GET', `${path}.png`);
  expect(png.headers.get('content-type')).toContain('image/png');
  expect(png.body.slice(1, 4)).toBe('PNG');
  const link = await stack.portal.request('GET', `${path}.svg?content=link`);
  expect(link.body).not.toBe(svg.body);
  await phone.client.claimOtp(body.otp);
  for (const format of ['svg', 'png']) {
    expect(await stack.portal.request('GET', `${path}.${format}`)).toMatchObject({
      status: 404,
      body: { error_code: '3004' },
    });
  }
});

it('tells portals what it does not take, and is offered to enrolled users only', async () => {
  expect(await begin({ user_id: 'someone' })).toMatchObject({ status: 400, body: { error_code: '1003' } });
  expect(await begin({ callback_uri: '' })).toMatchObject({ status: 400, body: { error_code: '1003' } });
  const phone = await stack.enrolPhone('offered');
  await phone.client.endPush();
  expect((await stack.portal.available('offered')).body.enabled).toContainEqual({ type: 'otp', method: 'OTP' });
  expect((await stack.portal.available('nobody')).body.enabled).toEqual([]);
});

it('repeats its reply under the same idempotency key', async () => {
  const headers = { 'idempotency-key': 'otp-once' };
  const first = await begin({}, headers);
  expect((await begin({}, headers)).body).toEqual(first.body);
  expect(await begin({ message: 'Another' }, headers)).toMatchObject({ status: 409 });
});

it('counts an approval that was given while no worker was there', async () => {
  const phone = await stack.enrolPhone('patient');
  const { body } = await begin();
  const challenge = await phone.client.claimOtp(body.otp);
  await stack.worker.stop();
  expect(await phone.client.approve(challenge)).toEqual({ status: 'recorded' });
  await stack.startWorker();
  await stack.callbacks.waitFor(body.transaction_id, 1);
  expect(await resultOf(body.transaction_id)).toMatchObject({ user_id: 'patient', is_authenticated: true });
});
