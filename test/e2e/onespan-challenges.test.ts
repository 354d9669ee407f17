import { randomUUID } from 'node:crypto';
import { ONESPAN_REFUSALS } from '../../runtime/onespan-errors.ts';
import { createDeviceClient } from '../../sdk/index.ts';
import type { OneSpanPortal } from '../support/onespan-portal.ts';
import { type OneSpanStack, startOneSpanStack } from '../support/onespan-stack.ts';

let stack: OneSpanStack;
let onespan: OneSpanPortal;

beforeAll(async () => {
  stack = await startOneSpanStack();
  ({ onespan } = stack);
});
afterAll(() => stack?.stop());

const secureChallenge = (user: string) => onespan.post(`/v1/users/${user}/generate-secure-challenge`, {});
const challenge = (user: string, body: object) => onespan.post(`/v1/users/${user}/generate-challenge`, body);
const loginBy = (user: string, requestID: string, OTP: string, portal = onespan) =>
  portal.post(`/v1/users/${user}/login`, {
    objectType: 'LoginInput',
    credentials: { authenticator: { OTP } },
    requestID,
  });
const statusOf = async (requestID: string) => (await onespan.session(requestID)).body.sessionStatus;
const wrong = (otp: string) => (otp === '00000000' ? '00000001' : '00000000');

const INVALID = { status: 409, body: { error: 'Conflict', message: 'Invalid Request ID' } };
const FAILED = { status: 409, body: { error: 'Conflict', message: 'Authentication failed' } };

describe('a visual challenge', () => {
  it('is read by the phone alone, without a connection, and answered once by the code that is typed', async () => {
    const phone = await stack.enrolPhone('viewer');
    const { body } = await secureChallenge('viewer');
    expect(body).toEqual({ requestID: expect.any(String), requestMessage: expect.stringMatching(/^[0-9A-F]+$/) });
    // A QR code of some hundred modules a side, which a phone's camera reads from a screen.
    expect(body.requestMessage.length).toBeLessThan(1_400);
    expect(await statusOf(body.requestID)).toBe('pending');
    const read = await phone.client.readVisualChallenge(body.requestMessage);
    expect(read).toMatchObject({
      message: 'Do you want to log in to the demo bank?',
      otp: expect.stringMatching(/^\d{8}$/),
    });
    expect(Date.parse(read.expiresAt) - Date.parse(read.issuedAt)).toBe(180_000);
    expect(await loginBy('viewer', body.requestID, read.otp)).toMatchObject({
      status: 200,
      body: { sessionStatus: 'accepted', requestID: body.requestID },
    });
    expect(await statusOf(body.requestID)).toBe('accepted');
    expect(await loginBy('viewer', body.requestID, read.otp)).toMatchObject(INVALID);
    const events = await stack.database.knex('events').where({ user_id: 'viewer', name: 'ONESPAN_CHALLENGE_ANSWERED' });
    expect(events).toEqual([
      expect.objectContaining({ client_id: 'demo-portal', details: { request_id: body.requestID } }),
    ]);
  });

  it('tells another phone nothing, and is not taken for another one', async () => {
    const [phone, other] = await Promise.all([stack.enrolPhone('addressee'), stack.enrolPhone('bystander')]);
    const { body } = await secureChallenge('addressee');
    const { otp } = await phone.client.readVisualChallenge(body.requestMessage);
    await expect(other.client.readVisualChallenge(body.requestMessage)).rejects.toMatchObject({
      code: 'reply_untrusted',
      number: 10018,
    });
    for (const text of ['', 'no hexadecimal', 'ABCDEF', `00${body.requestMessage}`]) {
      await expect(phone.client.readVisualChallenge(text)).rejects.toMatchObject({ code: 'reply_untrusted' });
    }
    expect(phone.client.transactionOfMessage(body.requestMessage)).toBeUndefined();
    expect(await loginBy('bystander', body.requestID, otp)).toMatchObject(INVALID);
    expect(await loginBy('nobody', body.requestID, otp)).toMatchObject(INVALID);
    expect(await loginBy('addressee', randomUUID(), otp)).toMatchObject(INVALID);
    expect(await loginBy('addressee', 'no-id', otp)).toMatchObject(INVALID);
    expect(await statusOf(body.requestID)).toBe('pending');
  });

  it('counts three wrong codes, and then takes none', async () => {
    const phone = await stack.enrolPhone('guesser');
    const { body } = await secureChallenge('guesser');
    const { otp } = await phone.client.readVisualChallenge(body.requestMessage);
    for (let time = 0; time < 3; time += 1) {
      expect(await loginBy('guesser', body.requestID, wrong(otp))).toMatchObject(FAILED);
    }
    expect(await statusOf(body.requestID)).toBe('failure');
    expect(await loginBy('guesser', body.requestID, otp)).toMatchObject(INVALID);
  });

  it('of sixteen wrong codes at once judges three, and of sixteen right ones takes one', async () => {
    const phone = await stack.enrolPhone('at-once');
    const codeOf = async () => {
      const { body } = await secureChallenge('at-once');
      const { otp } = await phone.client.readVisualChallenge(body.requestMessage);
      return { requestID: body.requestID as string, otp };
    };
    const [guessed, known] = [await codeOf(), await codeOf()];
    const sixteen = (requestID: string, otp: string) =>
      Promise.all(Array.from({ length: 16 }, () => loginBy('at-once', requestID, otp)));
    const guesses = await sixteen(guessed.requestID, wrong(guessed.otp));
    expect(guesses.filter(({ body }) => body.message === 'Authentication failed')).toHaveLength(3);
    const logins = await sixteen(known.requestID, known.otp);
    expect(logins.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('is over after its time, and says so to the phone and to the portal', async () => {
    await onespan.putDomain('brief', { applicationId: 'demo-app', typeName: 'push', challengeSeconds: 1 });
    const phone = await stack.enrolPhone('late@brief');
    const { body } = await secureChallenge('late@brief');
    const row = await stack.database.knex('onespan_challenges').where({ id: body.requestID }).first();
    expect(row.expires_at.getTime() - row.created_at.getTime()).toBe(1_000);
    await stack.database
      .knex('onespan_challenges')
      .where({ id: body.requestID })
      .update({ expires_at: row.created_at });
    expect(await statusOf(body.requestID)).toBe('timeout');
    expect(await loginBy('late@brief', body.requestID, '12345678')).toMatchObject(INVALID);
    const { body: next } = await secureChallenge('late@brief');
    const now = () => Date.now() + 2_000;
    const later = createDeviceClient({ serverUrl: stack.apiUrl, store: phone.store, now });
    await expect(later.readVisualChallenge(next.requestMessage)).rejects.toMatchObject({ code: 'challenge_expired' });
  });

  it('is of no use to another client, and none is made for whoever has no phone', async () => {
    const phone = await stack.enrolPhone('of-one-client');
    const other = await stack.anotherPortal();
    const { body } = await secureChallenge('of-one-client');
    const { otp } = await phone.client.readVisualChallenge(body.requestMessage);
    expect(await loginBy('of-one-client', body.requestID, otp, other)).toMatchObject(INVALID);
    expect((await other.session(body.requestID)).body).toEqual({ sessionStatus: 'unknown' });
    for (const user of ['nobody', 'nobody@nowhere']) {
      const refusal = { status: 409, body: { error: 'Conflict', message: ONESPAN_REFUSALS.no_authenticator } };
      expect(await secureChallenge(user)).toMatchObject(refusal);
    }
  });

  it('shows nothing of its code in the tables', async () => {
    const phone = await stack.enrolPhone('secretive');
    const { body } = await secureChallenge('secretive');
    const { otp } = await phone.client.readVisualChallenge(body.requestMessage);
    const rows = await stack.database.knex('onespan_challenges').where({ id: body.requestID });
    expect(JSON.stringify(rows)).not.toContain(otp);
  });
});

describe('digits to be typed on the phone', () => {
  it.each([
    [{ length: '8', checkDigit: 'true' }, 9],
    [{ length: 6, checkDigit: false }, 6],
    [{}, 6],
  ])('of %j are answered by the code of the phone', async (asked, length) => {
    const user = `typist-${length}-${Object.keys(asked).length}`;
    const phone = await stack.enrolPhone(user);
    const { body } = await challenge(user, asked);
    expect(body).toEqual({ requestID: expect.any(String), challenge: expect.any(String) });
    expect(body.challenge).toMatch(new RegExp(`^\\d{${length}}$`));
    const code = await phone.client.codeForDigits(body.challenge);
    expect(await loginBy(user, body.requestID, code.otp)).toMatchObject({ body: { sessionStatus: 'accepted' } });
    await expect(phone.client.codeForDigits(body.challenge)).rejects.toMatchObject({
      code: 'otp_invalid',
      number: 10013,
    });
  });

  it('are nothing to another phone', async () => {
    await stack.enrolPhone('digits-own');
    const other = await stack.enrolPhone('digits-other');
    const { body } = await challenge('digits-own', {});
    await expect(other.client.codeForDigits(body.challenge)).rejects.toMatchObject({ code: 'otp_invalid' });
    await expect(other.client.codeForDigits('12')).rejects.toMatchObject({ code: 'request_invalid' });
  });

  it('are refused where their number is out of bounds', async () => {
    for (const length of [3, 17, 'many']) expect(await challenge('anyone', { length })).toMatchObject({ status: 400 });
  });
});

describe('a visual code', () => {
  const draw = (query: string, accept = '*/*') =>
    stack.portal.request('GET', `/v1/visualcodes/render?${query}`, { headers: { accept } });

  it('is drawn as PNG or SVG, also for the longest challenge', async () => {
    await stack.enrolPhone('drawn');
    const { body } = await secureChallenge('drawn');
    const png = await draw(`format=QR&message=${body.requestMessage}`);
    expect(png.headers.get('content-type')).toContain('image/png');
    expect(png.body.slice(1, 4)).toBe('PNG');
    const svg = await draw(`format=qr&message=${'AB'.repeat(1_024)}`, 'image/svg+xml');
    expect(svg.headers.get('content-type')).toContain('image/svg+xml');
    expect(svg.body).toMatch(/^<svg [\s\S]*<\/svg>$/);
  });

  it.each([
    'format=CRONTO&message=AB',
    'format=QR',
    'message=AB',
    `format=QR&message=${'A'.repeat(2_049)}`,
    'format=QR&message=',
  ])('is refused for %#', async (query) => {
    const reply = await draw(query);
    expect(reply).toMatchObject({ status: 400, body: { validationErrors: [{ message: expect.any(String) }] } });
    if (query.includes('CRONTO')) expect(reply.body.validationErrors[0].message).toContain('not supported');
  });
});

it('leads a phone to a login by a picture in place of a push', async () => {
  const phone = await stack.enrolPhone('scanner');
  await onespan.setPassword('scanner', 'correct-horse');
  const { body } = await onespan.login('scanner', 'pushcorrect-horse', { orchestrationDelivery: ['requestMessage'] });
  const transactionId = phone.client.transactionOfMessage(body.requestMessage);
  expect(transactionId).toBe(body.requestID);
  await phone.client.approve(await phone.client.fetchChallenge(transactionId as string));
  expect(await statusOf(body.requestID)).toBe('accepted');
});
