import { type EventStream, openEventStream } from '../support/event-stream.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const MAX_STREAMS = 20;

describe('the stream of a transaction', () => {
  let stack: Stack;
  let phone: Phone;

  beforeAll(async () => {
    stack = await startStack({ env: { API_MAX_EVENT_STREAMS: String(MAX_STREAMS), DATABASE_POOL_SIZE: '2' } });
    phone = await stack.enrolPhone('alice');
  });
  afterAll(() => stack?.stop());

  const addressOf = (transactionId: string, token?: string) =>
    `${stack.apiUrl}/oauth/api/v4/authenticate/transaction/${transactionId}/events${token === undefined ? '' : `?events_token=${token}`}`;

  async function begin(): Promise<{ id: string; token: string }> {
    const { status, body } = await stack.portal.begin({
      ...{ type: 'push', user_id: 'alice', device_id: phone.deviceId, message: 'Log in?' },
      ...{ callback_uri: stack.callbacks.url, events: 'true' },
    });
    expect(status).toBe(200);
    return { id: body.transaction_id, token: body.events_token };
  }

  /** The places of streams that were left a moment ago come free when the server has noticed. */
  async function openAdmitted(address: string): Promise<EventStream> {
    for (;;) {
      const stream = await openEventStream(address);
      if (stream.status === 200) return stream;
      expect(stream.status).toBe(503);
    }
  }

  async function approve(transactionId: string): Promise<void> {
    await phone.client.approve(await phone.client.fetchChallenge(transactionId));
  }

  it('tells every stage as it happens, to whoever has its token, and ends when the portal was called back', async () => {
    const { id, token } = await begin();
    const stream = await openEventStream(addressOf(id, token));
    expect(stream.status).toBe(200);
    expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(stream.headers.get('access-control-allow-origin')).toBe('*');
    expect((await stream.until('accepted')).map(({ data }) => data.stage)).toEqual(['queued', 'accepted']);

    const challenge = await phone.client.fetchChallenge(id);
    expect((await stream.until('fetched')).at(-1)?.data).toEqual({ stage: 'fetched', at: expect.any(Number) });

    await phone.client.approve(challenge);
    const all = await stream.until('end');
    expect(all.map(({ event, data }) => data.stage ?? event)).toEqual([
      'queued',
      'accepted',
      'fetched',
      'answered',
      'settled',
      'called_back',
      'end',
    ]);
    expect(all.find(({ data }) => data.stage === 'settled')?.data.status).toBe('approved');
    expect(new Set(all.map((each) => each.id)).size).toBe(all.length);
  });

  it('goes on after the event that was heard last, and says that there is nothing more', async () => {
    const { id, token } = await begin();
    const first = await openEventStream(addressOf(id, token));
    const heard = (await first.until('accepted')).at(-1);
    first.close();
    await approve(id);
    await stack.callbacks.waitFor(id);

    const second = await openEventStream(addressOf(id, token), { 'last-event-id': heard?.id as string });
    const rest = await second.until('end');
    expect(rest.map(({ event, data }) => data.stage ?? event)).toEqual([
      'fetched',
      'answered',
      'settled',
      'called_back',
      'end',
    ]);
    // Between the two stages of one event.
    const [, answered, , last] = rest;
    const third = await openEventStream(addressOf(id, token), { 'last-event-id': answered?.id as string });
    expect((await third.until('end')).map(({ event, data }) => data.stage ?? event)).toEqual([
      'settled',
      'called_back',
      'end',
    ]);
    expect((await openEventStream(addressOf(id, token), { 'last-event-id': last?.id as string })).status).toBe(204);
  });

  it('is open to the client that has begun the transaction, by its secret', async () => {
    const { id } = await begin();
    const { id: clientId, secret } = stack.portal.credentials;
    const authorization = `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;
    const stream = await openEventStream(addressOf(id), { authorization });
    expect(stream.status).toBe(200);
    await stream.until('accepted');
    stream.close();
    await stack.portal.cancel(id);
  });

  it('is closed to everybody else', async () => {
    const { id, token } = await begin();
    const other = await begin();
    expect((await openEventStream(addressOf(id))).status).toBe(401);
    expect((await openEventStream(addressOf(id, other.token))).status).toBe(401);
    expect((await openEventStream(addressOf(id, `${token.slice(0, -2)}xx`))).status).toBe(401);
    expect((await openEventStream(addressOf(id), { authorization: 'Bearer nothing' })).status).toBe(401);
    expect((await openEventStream(addressOf('no-id', token))).status).toBe(404);
    await Promise.all([id, other.id].map((each) => stack.portal.cancel(each)));
  });

  it('gives no token that was not asked for', async () => {
    const { body } = await stack.portal.begin({
      ...{ type: 'push', user_id: 'alice', device_id: phone.deviceId, message: 'Log in?' },
      ...{ callback_uri: stack.callbacks.url },
    });
    expect(Object.keys(body)).not.toContain('events_token');
    await stack.portal.cancel(body.transaction_id);
  });

  it('refuses one listener too many at once, while everything else goes on with two database connections', async () => {
    const { id, token } = await begin();
    const streams = await Promise.all(Array.from({ length: MAX_STREAMS }, () => openAdmitted(addressOf(id, token))));

    const refused = await openEventStream(addressOf(id, token));
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await stack.portal.result(id)).body).toMatchObject({ status: 'pending' });

    await approve(id);
    for (const stream of streams) expect((await stream.until('end')).at(-1)?.event).toBe('end');
    (await openAdmitted(addressOf(id, token))).close();
  });

  it('lets the api end, and listeners go on elsewhere', async () => {
    const { id, token } = await begin();
    const stream = await openEventStream(addressOf(id, token));
    await stream.until('accepted');
    expect(await stack.api.stop()).toBe(0);
    expect((await stream.until('end')).map(({ event }) => event)).not.toContain('end');
  });
});
