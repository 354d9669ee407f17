import { decodeJwt } from 'jose';
import { makeLocalAccount } from '../../api/console/make-local-account.ts';
import { administratorOf } from '../support/administration.ts';
import { type ConsolePage, logInToConsole } from '../support/console-operator.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const OPERATOR = { name: 'carol', password: 'a password of twenty' };
const ALL = '/admin/v1/transactions';

interface Entry {
  readonly atMs: number;
  readonly kind: string;
  readonly title: string;
  readonly details: Readonly<Record<string, unknown>>;
}

describe('transactions, as operators see them', () => {
  let stack: Stack;
  let page: ConsolePage;
  let alice: Phone;
  let approved: string;

  beforeAll(async () => {
    stack = await startStack({
      withSms: true,
      env: { CONSOLE_LOCAL_ACCOUNT: makeLocalAccount(OPERATOR.name, 'countersign_operator', OPERATOR.password) },
    });
    page = await logInToConsole(stack.apiUrl, OPERATOR);
    alice = await stack.enrolPhone('alice');
    approved = await stack.begin(alice, { callback_uri: `${stack.callbacks.url}?token=nobody-else` });
    await stack.portal.resend('alice', approved);
    await alice.client.approve(await alice.client.fetchChallenge(approved));
    await stack.callbacks.waitFor(approved);
    await stack.portal.result(approved);
  });
  afterAll(() => stack?.stop());

  const list = async (query: string) => (await page.request('GET', `${ALL}?${query}`)).body;
  const read = async (id: string, query = '') => page.request('GET', `${ALL}/${id}${query}`);
  const untilCalledBack = async (id: string) => {
    for (;;) {
      const { body } = await read(id);
      if (body.callback.state === 'delivered') return body;
    }
  };

  it('are listed newest first, from page to page, by every filter', async () => {
    const second = await stack.begin(alice);
    const { body } = await page.request('GET', `${ALL}?limit=1&userId=alice`);
    expect(body.items).toEqual([
      {
        id: second,
        userId: 'alice',
        deviceId: alice.deviceId,
        type: 'push',
        method: 'push',
        status: 'pending',
        clientId: 'demo-portal',
        createdAtMs: expect.any(Number),
        expiresAtMs: expect.any(Number),
        settledAtMs: null,
      },
    ]);
    expect((await list(`limit=1&userId=alice&after=${body.next}`)).items).toMatchObject([{ id: approved }]);
    for (const filter of [
      ...[`id=${approved}`, `deviceId=${alice.deviceId}&status=approved`, 'type=push&status=approved'],
      ...['status=approved', 'method=push&status=approved', 'clientId=demo-portal&status=approved&from=1&to='],
    ]) {
      expect((await list(filter)).items.map(({ id }: { id: string }) => id)).toEqual([approved]);
    }
    for (const filter of ['id=no-uuid', 'userId=Alice', 'status=denied', 'to=1000', `from=${Date.now() + 60_000}`]) {
      expect(await list(filter)).toEqual({ items: [], next: null });
    }
    await stack.portal.cancel(second);
  });

  it.each([
    ...['limit=0', 'limit=201', 'status=over', 'method=pigeon', 'from=soon', 'userId=a%00b', 'after=x'],
    ...[`after=${Buffer.from('["2026-99-99 00:00:00+00","x"]').toString('base64url')}`],
    ...[
      `after=${Buffer.from('["2026-99-99 00:00:00+00","01a20c37-4cc5-73e6-aaf1-f5c832e212cc"]').toString('base64url')}`,
    ],
  ])('are not looked for by %s', async (query) => {
    expect(await page.request('GET', `${ALL}?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'request_invalid' },
    });
  });

  it('are told whole, with all that happened, and nothing that is secret', async () => {
    const { timeline, ...detail } = await untilCalledBack(approved);
    expect(detail).toMatchObject({
      ...{ id: approved, status: 'approved', reason: 'push', applicationId: 'demo-app', platform: 'android' },
      ...{ deviceName: 'Phone of alice', isBySms: false, resends: 1, maxResends: 2, attempts: 0, hasReceipt: true },
      ...{ callback: { uri: stack.callbacks.url, state: 'delivered' }, workflowId: `transaction:${approved}` },
    });
    const entries = timeline as Entry[];
    expect(entries.map(({ title }) => title).sort()).toEqual(
      [
        ...['Begun by push', 'The provider took the push', 'The provider took the push'],
        ...[
          'The phone fetched the challenge',
          'Approved',
          'The portal took the callback',
          'The portal read the result',
        ],
      ].sort(),
    );
    const times = entries.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(entries.filter(({ kind }) => kind === 'push').map(({ details }) => details)).toEqual(
      [0, 1].map((step) => ({
        ...{ step, attempts: 1, provider: 'fcm_http_v1', configuration: 'demo-fcm' },
        providerMessageId: expect.any(String),
      })),
    );
    expect(entries.find(({ kind }) => kind === 'callback')?.details).toEqual({
      ...{ delivery: 0, number: 0, httpStatus: 204, durationMs: expect.any(Number) },
    });
    const told = JSON.stringify({ detail, timeline });
    for (const secret of ['nobody-else', 'Log in?', alice.pushToken]) expect(told).not.toContain(secret);
  });

  it('show what providers and gateways said', async () => {
    const number = '+31612345678';
    const begun = await stack.portal.begin({ type: 'sms', user_id: 'bob', phone_number: number, message: 'Log in?' });
    const { body } = await read(begun.body.transaction_id);
    expect(body).toMatchObject({
      method: 'sms',
      isBySms: true,
      callback: { uri: null, state: 'none' },
      deviceName: null,
    });
    // The gateway may report before its taking is written.
    const taken = (body.timeline as Entry[]).find(({ title }) => title === 'The gateway took the SMS');
    expect(taken).toMatchObject({
      kind: 'sms',
      details: { gateway: expect.any(String), step: 0 },
    });
    expect(JSON.stringify(body)).not.toContain(number);
  });

  it('have their receipts, once they have ended', async () => {
    const { body } = await page.request('GET', `${ALL}/${approved}/receipt`);
    expect(decodeJwt(body.receipt)).toMatchObject({ transaction_id: approved });
    const running = await stack.begin(alice);
    expect((await page.request('GET', `${ALL}/${running}/receipt`)).body.code).toBe('transaction_pending');
    await stack.portal.cancel(running);
  });

  it('are not there where nothing has that id, or it is of another user than the one named', async () => {
    for (const id of [
      'x',
      '01a20c37-4cc5-73e6-aaf1-f5c832e212cc',
      `${approved}?userId=bob`,
      `${approved}/receipt?userId=bob`,
    ]) {
      expect(await page.request('GET', `${ALL}/${id}`)).toMatchObject({
        status: 404,
        body: { code: 'resource_unknown' },
      });
    }
    expect((await read(approved, '?userId=alice')).status).toBe(200);
  });

  describe('are acted on', () => {
    const act = (id: string, action: string, body: object = { reason: 'The user called' }) =>
      page.request('POST', `${ALL}/${id}/${action}`, body);
    const operatorEntries = async (id: string) =>
      ((await read(id)).body.timeline as Entry[]).filter(({ kind }) => kind === 'operator');

    it('by cancelling, which says who did it and why, once', async () => {
      const running = await stack.begin(alice);
      expect((await act(running, 'cancel', { reason: '  The user called ' })).status).toBe(204);
      expect((await act(running, 'cancel')).status).toBe(204);
      expect((await read(running)).body).toMatchObject({ status: 'cancelled', reason: 'operator' });
      expect(await operatorEntries(running)).toMatchObject([
        { title: 'An operator cancels', details: { operator: 'carol', reason: 'The user called' } },
      ]);
      const [event] = await stack.database
        .knex('events')
        .where({ transaction_id: running, name: 'ADMIN_TRANSACTION_CANCELLED' });
      expect(event).toMatchObject({ user_id: 'alice', client_id: null, agent_user: 'carol' });
    });

    it('by sending again, within the limit of the type, and no more once it has ended', async () => {
      const running = await stack.begin(alice);
      for (const status of [204, 204]) expect((await act(running, 'resend')).status).toBe(status);
      expect(await act(running, 'resend')).toMatchObject({ status: 409, body: { code: 'resend_limit_reached' } });
      expect((await read(running)).body).toMatchObject({ resends: 2, maxResends: 2 });
      expect(await operatorEntries(running)).toHaveLength(3);
      await stack.portal.cancel(running);
      expect(await act(running, 'resend')).toMatchObject({
        status: 409,
        body: { code: 'transaction_already_settled' },
      });
      expect(await operatorEntries(running)).toHaveLength(3);
    });

    it('by sending again to a phone that the provider does not know any more', async () => {
      const gone = await stack.enrolPhone('gone');
      const running = await stack.begin(gone);
      const body = JSON.stringify({ token: gone.pushToken, reply: 'UNREGISTERED' });
      const told = await fetch(`${stack.fcm.url}/simulator/behaviour`, {
        ...{ method: 'PUT', body, headers: { 'content-type': 'application/json' } },
      });
      expect(told.ok).toBe(true);
      expect(await act(running, 'resend')).toMatchObject({
        ...{ status: 409, body: { code: 'resend_failed', detail: 'provider_failed' } },
      });
      const refused = ((await read(running)).body.timeline as Entry[]).find(({ title }) => /refused/.test(title));
      expect(refused).toMatchObject({
        kind: 'push',
        details: { step: 1, failure: 'token_gone', providerCode: 'UNREGISTERED', provider: 'fcm_http_v1' },
      });
      await stack.portal.cancel(running);
    });

    it('by calling the portal back again, which only what has ended allows', async () => {
      const running = await stack.begin(alice);
      expect((await act(running, 'redeliver')).body.code).toBe('transaction_pending');
      await stack.portal.cancel(running);
      await stack.callbacks.waitFor(running);
      expect(await act(running, 'redeliver')).toMatchObject({ status: 202, body: { delivery: 1 } });
      await stack.callbacks.waitFor(running, 2);
      expect(await operatorEntries(running)).toMatchObject([{ title: 'An operator calls the portal back again' }]);
      const bySms = await stack.portal.begin({
        type: 'sms',
        user_id: 'bob',
        phone_number: '+31612345678',
        message: 'Hi',
      });
      await stack.portal.cancel(bySms.body.transaction_id);
      expect((await act(bySms.body.transaction_id, 'redeliver')).body).toMatchObject({
        ...{ code: 'resource_unknown', detail: 'callback' },
      });
    });

    it.each([{}, { reason: '' }, { reason: ' ab ' }, { reason: 'x'.repeat(201) }, { reason: 'a\nb c' }, { reason: 7 }])(
      'for a reason, which is not %j',
      async (body) => {
        for (const action of ['cancel', 'resend', 'redeliver']) {
          expect(await act(approved, action, body)).toMatchObject({ status: 400, body: { detail: 'reason' } });
        }
      },
    );

    it('only where they are there, and allowed', async () => {
      for (const action of ['cancel', 'resend', 'redeliver']) {
        expect((await act('01a20c37-4cc5-73e6-aaf1-f5c832e212cc', action)).body.code).toBe('resource_unknown');
        expect((await act('x', action)).body.code).toBe('resource_unknown');
      }
    });
  });

  it('are seen by a helpdesk one user at a time, and by no other client', async () => {
    const [client] = await stack.database.knex('api_clients').where({ id: 'demo-portal' });
    await stack.database.knex('api_clients').insert([
      { ...client, id: 'helpdesk', scopes: ['countersign_helpdesk'] },
      { ...client, id: 'configurer', scopes: ['onegini_api_config'] },
    ]);
    const as = (id: string, path: string) =>
      stack.portal.request('GET', path, {
        headers: { authorization: `Basic ${btoa(`${id}:${stack.portal.credentials.secret}`)}` },
      });
    for (const path of [ALL, `${ALL}?userId=`, `${ALL}/${approved}`, `${ALL}/${approved}/receipt`]) {
      expect((await as('helpdesk', path)).body.code).toBe('action_forbidden');
    }
    for (const path of [ALL, `${ALL}/${approved}`, `${ALL}/${approved}/receipt`]) {
      expect((await as('helpdesk', `${path}?userId=alice`)).status).toBe(200);
      expect((await as('configurer', `${path}?userId=alice`)).status).toBe(403);
    }
    for (const action of ['cancel', 'resend', 'redeliver']) {
      const acted = await stack.portal.request('POST', `${ALL}/${approved}/${action}?userId=alice`, {
        headers: { authorization: `Basic ${btoa(`helpdesk:${stack.portal.credentials.secret}`)}` },
      });
      expect(acted.body.code).toBe('action_forbidden');
    }
    expect((await administratorOf(stack).read(`/transactions/${approved}`)).status).toBe(200);
  });
});
