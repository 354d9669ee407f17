import { type Administrator, administratorOf } from '../support/administration.ts';
import { type Stack, startStack } from '../support/stack.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('what pages of the console read', () => {
  let stack: Stack;
  let admin: Administrator;
  beforeAll(async () => {
    stack = await startStack({ withPushLimits: true });
    admin = administratorOf(stack);
  });
  afterAll(() => stack?.stop());

  const preview = (body: object) =>
    admin.request('POST', '/translations/preview', { body: JSON.stringify(body), headers: JSON_TYPE });

  describe('of a user', () => {
    const summaryOf = async (userId: string) => (await admin.read(`/users/${userId}/summary`)).body;

    it('is what a helpdesk wants to know first', async () => {
      const phone = await stack.enrolPhone('alice');
      const id = await stack.begin(phone);
      expect(await summaryOf('alice')).toMatchObject({
        ...{ userId: 'alice', isEnrolled: true, devices: [{ id: phone.deviceId, hasPushToken: true }] },
        asking: { refusal: null, retryAfterMs: null, misses: 0, waiting: 1 },
        events: expect.arrayContaining([
          expect.objectContaining({ event_type: 'PUSH_AUTH_INITIALIZED', transaction_id: id }),
          expect.objectContaining({ event_type: 'KEY_ENROLLMENT_SUCCESS' }),
        ]),
      });
      await phone.client.deny(await phone.client.fetchChallenge(id), { reason: 'not_me' });
      expect((await summaryOf('alice')).asking).toMatchObject({
        refusal: 'blocked',
        retryAfterMs: null,
        misses: 1,
        waiting: 0,
      });
    });

    it('tells how long a user is not asked', async () => {
      await stack.enrolPhone('bob');
      const pending = Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`t-${index}`, Date.now() + 60_000]));
      await stack.database.knex('asked_users').insert({ user_id: 'bob', pending: JSON.stringify(pending) });
      const { asking } = await summaryOf('bob');
      expect(asking).toMatchObject({ refusal: 'too_many_pending', waiting: 5 });
      expect(asking.retryAfterMs).toBeGreaterThan(0);
      expect(asking.retryAfterMs).toBeLessThanOrEqual(60_000);
    });

    it('is of the last twenty events, and of a user who is not known that there is nothing', async () => {
      await stack.database.knex('events').insert(
        Array.from({ length: 25 }, (_, index) => ({
          name: 'PUSH_AUTH_INITIALIZED',
          user_id: 'Many',
          occurred_at: new Date(1e12 + index),
        })),
      );
      const { events } = await summaryOf('many');
      expect(events).toHaveLength(20);
      expect(events[0].occurred).toBe(1e12 + 24);
      expect(await summaryOf('nobody')).toEqual({
        ...{ userId: 'nobody', isEnrolled: false, devices: [], events: [] },
        asking: { refusal: null, retryAfterMs: null, misses: 0, waiting: 0 },
      });
    });
  });

  describe('of a text', () => {
    it('is as phones show it', async () => {
      const values = { message: 'Log [city] in?', city: 'Utrecht\u202e', countryCode: 'NL', browser: '' };
      const template = '[message]{\nfrom [location]}{\nwith [device]} {[unknown]}';
      expect((await preview({ template, values })).body).toEqual({
        text: 'Log [city] in?\nfrom Utrecht, NL {[unknown]}',
      });
      expect((await preview({ template: '' })).body).toEqual({ text: '' });
    });

    it('is of a text that is kept, in this language or else in English', async () => {
      const key = 'mobileAuthentication.confirmation.template';
      const values = { message: 'Hoi', operatingSystem: 'iOS', browser: 'Safari' };
      expect((await preview({ key, locale: 'nl', values })).body.text).toBe('Hoi\nGevraagd met: iOS, Safari');
      expect((await preview({ key, locale: 'xx', values })).body.text).toBe('Hoi\nAsked with: iOS, Safari');
      expect((await preview({ key: 'no.such', locale: 'nl' })).body.code).toBe('resource_unknown');
    });

    it.each([
      ...[{}, { template: 'a', key: 'b' }, { template: 'x'.repeat(1_025) }, { template: 'a', locale: 'EN' }],
      ...[
        { template: 'a', values: { evil: 'x' } },
        { template: 'a', values: { message: 'x'.repeat(1_025) } },
      ],
      { key: 'a\u0000b' },
    ])('is not of %j', async (body) => {
      expect(await preview(body)).toMatchObject({ status: 400, body: { code: 'request_invalid' } });
    });
  });

  describe('of domains of the OneSpan surface', () => {
    const domain = { applicationId: 'demo-app', typeName: 'push' };
    const put = (name: string) =>
      admin.request('PUT', `/onespan-domains/${name}`, { body: JSON.stringify(domain), headers: JSON_TYPE });

    it('is a list in pages, in the order of their names', async () => {
      for (const name of ['zeta', 'alpha', 'beta']) expect((await put(name)).status).toBe(200);
      const names: string[] = [];
      for (let after = ''; ; ) {
        const { body } = await admin.read(`/onespan-domains?limit=2${after && `&after=${after}`}`);
        names.push(...body.items.map(({ name }: { name: string }) => name));
        if (body.next === null) break;
        after = body.next;
      }
      expect(names).toEqual(['alpha', 'beta', 'demo', 'zeta']);
      expect((await admin.read('/onespan-domains?after=x')).body.code).toBe('request_invalid');
      expect((await admin.request('POST', '/onespan-domains')).status).toBe(405);
    });

    it('is changed by whoever may change the configuration, with an event', async () => {
      const [client] = await stack.database.knex('api_clients').where({ id: 'demo-portal' });
      const of = (id: string) => ({ authorization: `Basic ${btoa(`${id}:${stack.portal.credentials.secret}`)}` });
      await stack.database.knex('api_clients').insert([
        { ...client, id: 'configurer', scopes: ['onegini_api_config'] },
        { ...client, id: 'viewer', scopes: ['countersign_operator'] },
      ]);
      const putAs = async (id: string) => {
        const headers = { ...JSON_TYPE, ...of(id) };
        return (await admin.request('PUT', '/onespan-domains/gamma', { body: JSON.stringify(domain), headers })).status;
      };
      expect([await putAs('viewer'), await putAs('configurer')]).toEqual([403, 200]);
      expect((await admin.request('GET', '/onespan-domains/gamma', { headers: of('viewer') })).status).toBe(200);
      const events = await stack.database
        .knex('events')
        .where({ name: 'ADMIN_ONESPAN_DOMAIN_CREATED', client_id: 'configurer' });
      expect(events).toMatchObject([{ details: { resource: 'onespan-domains', id: 'gamma' } }]);
    });
  });
});
