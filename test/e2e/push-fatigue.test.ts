import { createOneSpanPortal } from '../support/onespan-portal.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

describe('a user who is asked again and again', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack({ withPushLimits: true });
    const { knex } = stack.database;
    await knex('general_settings').update({ push_free_misses: 1 });
    await knex('authentication_types').insert([
      { name: 'brief-pin', method: 'push_with_pin', time_to_live_seconds: 2, max_resends: 0 },
    ]);
    const [client] = await knex('api_clients');
    await knex('api_clients').insert([
      { ...client, id: 'helpdesk', scopes: ['countersign_helpdesk'] },
      { ...client, id: 'portal-only', scopes: ['onegini_api_mobile_authentication'] },
    ]);
  });
  afterAll(() => stack?.stop());

  const beginOf = ({ userId, deviceId }: Phone, form: Record<string, string> = {}, headers = {}) =>
    stack.portal.begin(
      {
        type: 'push',
        user_id: userId,
        device_id: deviceId,
        callback_uri: stack.callbacks.url,
        message: 'Pay?',
        ...form,
      },
      headers,
    );
  const unlock = (userId: string, method = 'POST', id = 'helpdesk') =>
    stack.portal.request(method, `/admin/v1/users/${userId}/unlock`, {
      headers: { authorization: `Basic ${btoa(`${id}:${stack.portal.credentials.secret}`)}`, 'agent-user': 'helen' },
    });
  const eventsOf = (userId: string) => stack.database.knex('events').where({ user_id: userId }).pluck('name');

  it('has five pushes waiting of sixteen that are begun at once; the portal hears when to ask again', async () => {
    const phone = await stack.enrolPhone('bombed');
    const replies = await Promise.all(Array.from({ length: 16 }, () => beginOf(phone)));
    const refused = replies.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(11);
    for (const { status, body, headers } of refused) {
      expect(status).toBe(429);
      expect(body).toMatchObject({ error: 'temporarily_unavailable', error_code: 'user_asked_too_often' });
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(120);
    }
    expect(await phone.client.pending()).toHaveLength(5);
    const events = await eventsOf('bombed');
    expect(events.filter((name) => name === 'PUSH_AUTH_INIT_FAILURE_USER_ASKED_TOO_OFTEN')).toHaveLength(11);
  });

  it('is left alone after denials in a row, while others are asked, and an approval clears the count', async () => {
    const [phone, other] = [await stack.enrolPhone('denies'), await stack.enrolPhone('others')];
    await phone.client.deny(await stack.begin(phone));
    const approved = await stack.begin(phone);
    await phone.client.approve(await phone.client.fetchChallenge(approved));
    for (let denial = 0; denial < 2; denial += 1) await phone.client.deny(await stack.begin(phone));
    expect(await beginOf(phone)).toMatchObject({ status: 429, body: { error_code: 'user_asked_too_often' } });
    expect((await beginOf(other)).status).toBe(200);
    expect((await unlock('denies')).status).toBe(204);
    expect((await beginOf(phone)).status).toBe(200);
  });

  it('is asked no more after "not me", until a helpdesk unlocks them', async () => {
    const phone = await stack.enrolPhone('not-me');
    await phone.client.deny(await stack.begin(phone), { reason: 'not_me' });
    const refused = await beginOf(phone);
    expect(refused).toMatchObject({ status: 403, body: { error: 'access_denied', error_code: 'user_blocked' } });
    expect(refused.headers.get('retry-after')).toBeNull();
    expect((await unlock('not-me', 'POST', 'portal-only')).status).toBe(403);
    expect((await beginOf(phone)).status).toBe(403);
    expect((await unlock('not-me', 'GET')).status).toBe(405);
    expect((await unlock('not-me')).status).toBe(204);
    expect((await unlock('not-me')).status).toBe(204);
    expect((await beginOf(phone)).status).toBe(200);
    const events = await eventsOf('not-me');
    expect(events.filter((name) => name === 'PUSH_AUTH_USER_BLOCKED')).toHaveLength(1);
    expect(events.filter((name) => name === 'PUSH_AUTH_INIT_FAILURE_USER_BLOCKED')).toHaveLength(2);
    expect(events.filter((name) => name === 'ADMIN_USER_UNLOCKED')).toHaveLength(1);
  });

  it('whom nobody knows is told like before, and leaves no trace', async () => {
    const phone = { userId: 'nobody-here', deviceId: '0'.repeat(64) } as Phone;
    expect(await beginOf(phone)).toMatchObject({ status: 404, body: { error_code: '1001' } });
    expect((await unlock('nobody-here')).status).toBe(204);
    expect(await stack.database.knex('asked_users').where({ user_id: 'nobody-here' })).toEqual([]);
    expect(await eventsOf('nobody-here')).not.toContain('ADMIN_USER_UNLOCKED');
  });

  it('gets the same reply to a begin that is repeated with its key, also when nothing more may wait', async () => {
    const phone = await stack.enrolPhone('keyed');
    const first = await beginOf(phone, {}, { 'idempotency-key': 'the-key' });
    for (let begin = 0; begin < 4; begin += 1) await stack.begin(phone);
    expect((await beginOf(phone)).status).toBe(429);
    expect(await beginOf(phone, {}, { 'idempotency-key': 'the-key' })).toMatchObject({ status: 200, body: first.body });
  });

  it('who lets a push run out has entered no wrong PIN, but is asked less', async () => {
    const phone = await stack.enrolPhone('ignores');
    await phone.client.setPin('48151');
    for (let push = 0; push < 2; push += 1) {
      const { body } = await beginOf(phone, { type: 'brief-pin' });
      await stack.callbacks.waitFor(body.transaction_id);
      expect((await stack.portal.result(body.transaction_id)).body.status).toBe('expired');
    }
    const [enrolment] = await stack.database.knex('enrolments').where({ user_id: 'ignores' });
    expect(enrolment).toMatchObject({ pin_failures: 0, revoked_at: null });
    expect(await beginOf(phone)).toMatchObject({ status: 429, body: { error_code: 'user_asked_too_often' } });
  });

  it('is asked no more on the OneSpan surface either', async () => {
    const phone = await stack.enrolPhone('by-onespan');
    const onespan = createOneSpanPortal(stack.portal);
    expect((await onespan.setPassword('by-onespan', 'correct-horse')).status).toBe(204);
    for (let push = 0; push < 5; push += 1) {
      expect((await onespan.login('by-onespan', 'pushcorrect-horse')).status).toBe(200);
    }
    const tooMany = await onespan.login('by-onespan', 'pushcorrect-horse');
    expect(tooMany).toMatchObject({ status: 429, body: { message: 'The user is not asked again for now.' } });
    expect(Number(tooMany.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    const [pending] = await phone.client.pending();
    await phone.client.deny(pending?.transactionId as string, { reason: 'not_me' });
    const blocked = await onespan.login('by-onespan', 'pushcorrect-horse');
    expect(blocked).toMatchObject({ status: 409, body: { error: 'Conflict', message: 'User is locked' } });
    expect((await beginOf(phone)).status).toBe(403);
    expect((await unlock('by-onespan')).status).toBe(204);
    const events = await eventsOf('by-onespan');
    for (const name of ['USER_ASKED_TOO_OFTEN', 'USER_BLOCKED']) {
      expect(events).toContain(`PUSH_AUTH_INIT_FAILURE_${name}`);
    }
  });

  it('is asked as the administration says', async () => {
    const settings = '/admin/v1/general-settings';
    const { headers, body } = await stack.portal.request('GET', settings);
    expect(body).toMatchObject({
      ...{ pushLimitsEnabled: true, pushMaxPending: 5, pushFreeMisses: 1, pushFirstWaitSeconds: 30 },
      ...{ pushLongestWaitSeconds: 3_600, pushBlockedByNotMe: true },
    });
    const changed = await stack.portal.request('PATCH', settings, {
      body: JSON.stringify({ pushMaxPending: 1 }),
      headers: { 'content-type': 'application/merge-patch+json', 'if-match': headers.get('etag') as string },
    });
    expect(changed).toMatchObject({ status: 200, body: { pushMaxPending: 1 } });
    const phone = await stack.enrolPhone('administered');
    await stack.begin(phone);
    // The process that made the change knows it at once.
    expect((await beginOf(phone)).status).toBe(429);
  });
});
