import fc from 'fast-check';
import { createRawPhone } from '../support/raw-phone.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

describe('a helpdesk', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
    const { knex } = stack.database;
    await knex('general_settings').update({ push_enrolment_mode: 'multiple_devices' });
    const [client] = await knex('api_clients');
    await knex('api_clients').insert([
      { ...client, id: 'helpdesk', scopes: ['countersign_helpdesk'] },
      { ...client, id: 'portal-only', scopes: ['onegini_api_mobile_authentication'] },
    ]);
  });
  afterAll(() => stack?.stop());

  const as = (id: string) => ({ authorization: `Basic ${btoa(`${id}:${stack.portal.credentials.secret}`)}` });
  const pathOf = (userId: string, deviceId: string, action: string) =>
    `/admin/v1/users/${encodeURIComponent(userId)}/devices/${encodeURIComponent(deviceId)}/${action}`;
  const act = (phone: Pick<Phone, 'userId' | 'deviceId'>, action: string, headers: Record<string, string> = {}) =>
    stack.portal.request('POST', pathOf(phone.userId, phone.deviceId, action), {
      headers: { ...as('helpdesk'), ...headers },
    });
  const listOf = async (userId: string) =>
    (await stack.portal.request('GET', `/admin/v1/users/${userId}/devices`, { headers: as('helpdesk') })).body.devices;
  const adminEventsOf = async (userId: string) =>
    (await stack.database.knex('events').where({ user_id: userId }).whereLike('name', 'ADMIN_%').orderBy('id'))
      .filter(({ name }) => name !== 'ADMIN_DEVICES_LISTED')
      .map(({ name, agent_user, client_id }) => ({ name, agent_user, client_id }));
  const isAdmitted = async (phone: Phone) =>
    (await (await createRawPhone(stack.apiUrl, phone)).request('GET', '/device/v1/transactions')).status === 200;

  it('sees the devices of a user', async () => {
    const phone = await stack.enrolPhone('seen');
    expect(await listOf('seen')).toEqual([
      {
        id: phone.deviceId,
        name: 'Phone of seen',
        applicationId: 'demo-app',
        applicationName: 'Demo app',
        model: null,
        platform: 'android',
        osVersion: null,
        isEnrolled: true,
        hasPushToken: true,
        hasBiometricKey: false,
        hasCustomAuthenticator: false,
        createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
        lastSeenAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
    expect(await listOf('nobody')).toEqual([]);
  });

  it('revokes mobile authentication, pushes with it, and says who did', async () => {
    const phone = await stack.enrolPhone('revoked');
    const running = await stack.begin(phone);
    expect((await act(phone, 'revoke-mobile-authentication', { 'agent-user': 'helen' })).status).toBe(204);
    expect(await isAdmitted(phone)).toBe(false);
    expect((await stack.portal.result(running)).body.status).toBe('cancelled');
    expect(await listOf('revoked')).toMatchObject([{ isEnrolled: false, hasPushToken: false }]);
    expect((await act(phone, 'revoke-mobile-authentication')).status).toBe(204);
    const events = await adminEventsOf('revoked');
    expect(events).toEqual(
      expect.arrayContaining([
        { name: 'ADMIN_USER_CLIENT_KEYS_REVOKED', agent_user: 'helen', client_id: 'helpdesk' },
        { name: 'ADMIN_PUSH_ENROLLMENT_REVOKED', agent_user: 'helen', client_id: 'helpdesk' },
        { name: 'ADMIN_USER_CLIENT_KEYS_NOT_REVOKED_NOT_FOUND', agent_user: 'helpdesk', client_id: 'helpdesk' },
      ]),
    );
    expect(events).toHaveLength(3);
  });

  it('revokes pushes, and the keys stay', async () => {
    const phone = await stack.enrolPhone('pushless');
    expect((await act(phone, 'revoke-push')).status).toBe(204);
    expect((await act(phone, 'revoke-push')).status).toBe(204);
    expect(await isAdmitted(phone)).toBe(true);
    expect(await listOf('pushless')).toMatchObject([{ isEnrolled: true, hasPushToken: false }]);
    expect((await adminEventsOf('pushless')).map(({ name }) => name)).toEqual([
      'ADMIN_PUSH_ENROLLMENT_REVOKED',
      'ADMIN_PUSH_ENROLLMENT_NOT_REVOKED_NOT_FOUND',
    ]);
  });

  it('disconnects one user from a device, or deletes it for everyone on it', async () => {
    const [one, two] = [await stack.enrolPhone('one'), await stack.enrolPhone('two')];
    await stack.database.knex('enrolments').where({ user_id: 'two' }).update({ device_id: one.deviceId });
    expect((await act(one, 'disconnect')).status).toBe(204);
    expect([await isAdmitted(one), await isAdmitted(two)]).toEqual([false, true]);
    expect([await listOf('one'), (await listOf('two')).length]).toEqual([[], 1]);

    const three = await stack.enrolPhone('three');
    await stack.database.knex('enrolments').where({ user_id: 'three' }).update({ device_id: one.deviceId });
    expect((await act({ userId: 'three', deviceId: one.deviceId }, 'delete')).status).toBe(204);
    expect([await isAdmitted(two), await isAdmitted(three)]).toEqual([false, false]);
    for (const user of ['two', 'three']) {
      expect((await adminEventsOf(user)).map(({ name }) => name)).toEqual(['ADMIN_DEVICE_DELETED']);
    }
  });

  it.each([
    ['revoke-mobile-authentication', 'ADMIN_USER_CLIENT_KEYS_NOT_REVOKED_INCORRECT_DEVICE'],
    ['revoke-push', 'ADMIN_PUSH_ENROLLMENT_NOT_REVOKED_INCORRECT_DEVICE'],
    ['disconnect', 'ADMIN_DEVICE_NOT_REMOVED'],
    ['delete', 'ADMIN_DEVICE_NOT_REMOVED'],
  ])('can not %s on a device of others', async (action, event) => {
    const phone = await stack.enrolPhone(`owner-${action}`);
    const userId = `stranger-${action}`;
    expect(await act({ userId, deviceId: phone.deviceId }, action)).toMatchObject({
      status: 404,
      body: { code: 'device_unknown', status: 404 },
    });
    expect(await isAdmitted(phone)).toBe(true);
    expect((await adminEventsOf(userId)).map(({ name }) => name)).toEqual([event]);
  });

  it('is told apart from clients that may not', async () => {
    const phone = await stack.enrolPhone('guarded');
    expect(await act(phone, 'delete', as('portal-only'))).toMatchObject({
      status: 403,
      body: { code: 'action_forbidden' },
    });
    expect(await act(phone, 'delete', as('nobody'))).toMatchObject({
      status: 401,
      body: { code: 'client_unauthenticated' },
    });
    expect(await act(phone, 'delete', as('demo-portal'))).toMatchObject({ status: 204 });
    const names = await stack.database.knex('events').whereIn('client_id', ['portal-only']).pluck('name');
    expect(names).toEqual(['HELPDESK_MOBILE_AUTHENTICATION_ENROLLMENT_REVOKE_UNAUTHORIZED']);
  });

  it('acts once when it is asked sixteen times at once', async () => {
    const phone = await stack.enrolPhone('sixteen');
    await Promise.all(Array.from({ length: 16 }, () => act(phone, 'revoke-push')));
    const names = (await adminEventsOf('sixteen')).map(({ name }) => name);
    expect(names.filter((name) => name === 'ADMIN_PUSH_ENROLLMENT_REVOKED')).toHaveLength(1);
    expect(names).toHaveLength(16);
  });

  it('is answered with a documented status whatever it asks for, never with breakage', async () => {
    const part = fc.oneof(
      fc.string({ minLength: 1, unit: 'binary' }),
      fc.constantFrom('a/b', '%', '\u0000', '..', 'x'.repeat(300), "'; drop table x"),
    );
    const encode = (text: string) => encodeURIComponent(text.toWellFormed()).replace(/^\.+$/, '%2E');
    const actions = fc.constantFrom('revoke-mobile-authentication', 'revoke-push', 'disconnect', 'delete', 'nothing');
    await fc.assert(
      fc.asyncProperty(part, part, actions, async (user, device, action) => {
        const path = `/admin/v1/users/${encode(user)}/devices/${encode(device)}/${action}`;
        const reply = await stack.portal.request('POST', path, { headers: as('helpdesk') });
        expect([400, 404]).toContain(reply.status);
        expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      }),
      { numRuns: 50 },
    );
    for (const agent of ['', 'x'.repeat(300)]) {
      expect(await act({ userId: 'a', deviceId: 'b' }, 'delete', { 'agent-user': agent })).toMatchObject({
        status: 400,
        body: { code: 'request_invalid' },
      });
    }
    expect(stack.api.output()).not.toMatch(/request failed/);
  });
});
