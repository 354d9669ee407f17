import { createApnsClient } from '../../activities/adapters/apns-client.ts';
import { APNS_ANSWERS, type ApnsAnswer, receiptOfReply, remedyFor } from '../../activities/adapters/apns-replies.ts';
import type { PushClient } from '../../activities/adapters/push-client.ts';
import { APNS_REASONS, REASONS } from '../../dev/apns-simulator/reasons.ts';
import { aPush, PATIENTLY } from './a-push.ts';
import { type SimulatedApns, startSimulatedApns } from './simulated-apns.ts';

const ANSWERS = Object.entries(APNS_ANSWERS) as [string, ApnsAnswer][];

describe('every reason that Apple documents', () => {
  let apns: SimulatedApns;
  let client: PushClient;

  beforeAll(async () => {
    apns = await startSimulatedApns();
    client = createApnsClient(apns.settings(), { timeoutMs: 20_000 });
  });
  afterAll(async () => {
    await client.close();
    await apns.simulator.stop();
  });

  it.each(REASONS)('%s, is told by its own name', async (reason) => {
    const token = await apns.register();
    await apns.behave({ token, reply: reason });
    const { failure } = APNS_ANSWERS[reason];
    const receipt = await client.send(aPush(token), PATIENTLY);
    const goneSinceMs = APNS_REASONS[reason] === 410 ? { goneSinceMs: expect.any(Number) } : {};
    expect(receipt).toStrictEqual({ ok: false, failure, providerCode: reason, ...goneSinceMs });
  });

  it('stands in the table with the status that it comes with, and no other does', () => {
    const known = ANSWERS.filter(([code]) => /^[A-Z]/.test(code)).map(([code, { http }]) => [code, Number(http)]);
    expect(Object.fromEntries(known)).toStrictEqual({ ...APNS_REASONS });
  });
});

describe('an answer', () => {
  const reply = (status: number, body?: unknown, retryAfter?: string) => ({ status, body, retryAfter });

  it('with status 200 is a hand-over, by the id that came back or the one that was sent', () => {
    expect(receiptOfReply({ ...reply(200), apnsId: 'theirs' }, 'ours')).toStrictEqual({
      ok: true,
      providerMessageId: 'theirs',
    });
    expect(receiptOfReply(reply(200), 'ours')).toStrictEqual({ ok: true, providerMessageId: 'ours' });
  });

  it('says since when the device token is none', () => {
    const gone = receiptOfReply(reply(410, { reason: 'Unregistered', timestamp: 1_800_000_000_000 }), '');
    expect(gone).toMatchObject({ failure: 'token_gone', goneSinceMs: 1_800_000_000_000 });
    const timeless = receiptOfReply(reply(410, { reason: 'Unregistered', timestamp: 'long ago' }), '');
    expect(timeless).toStrictEqual({ ok: false, failure: 'token_gone', providerCode: 'Unregistered' });
  });

  it('says when it may be tried again', () => {
    const receipt = receiptOfReply(reply(429, { reason: 'TooManyRequests' }, '7'), '');
    expect(receipt).toMatchObject({ failure: 'throttled', retryAfterMs: 7_000 });
  });

  it.each([
    [403, undefined, 'http_403'],
    [401, 'no json', 'http_403'],
    [429, {}, 'http_429'],
    [400, { reason: 'SomethingNew' }, 'http_4xx'],
    [410, undefined, 'http_4xx'],
    [500, null, 'http_5xx'],
    [502, '<html>', 'http_5xx'],
    [302, undefined, 'http_other'],
    // Somebody in between who talks of APNs' reasons is not APNs.
    [502, { reason: 'Unregistered' }, 'http_5xx'],
    [400, { reason: 'Unregistered' }, 'http_4xx'],
    [400, { reason: 'http_5xx' }, 'http_4xx'],
    [400, { reason: 'toString' }, 'http_4xx'],
  ])('of status %d with %j is judged by its status where it is not from APNs', (status, body, code) => {
    expect(receiptOfReply(reply(status, body), '')).toMatchObject({ ok: false, providerCode: code });
  });

  it('never says that a device token is gone unless APNs says so', () => {
    for (const status of [400, 403, 404, 410, 429, 500, 503]) {
      expect(receiptOfReply(reply(status, { reason: 'NoSuchReason' }), '')).not.toMatchObject({
        failure: 'token_gone',
      });
    }
  });

  it('has a remedy only where one is listed', () => {
    expect(remedyFor(reply(403, { reason: 'ExpiredProviderToken' }))).toBe('new_provider_token');
    expect(remedyFor(reply(503, { reason: 'Shutdown' }))).toBe('new_connection');
    expect(remedyFor(reply(503, { reason: 'ServiceUnavailable' }))).toBeUndefined();
    expect(remedyFor(reply(200))).toBeUndefined();
  });
});
