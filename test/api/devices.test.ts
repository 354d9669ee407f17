import fc from 'fast-check';
import { createRawPhone } from '../support/raw-phone.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const USERS = '/oauth/api/v4/users';
const JSON_BODY = { 'content-type': 'application/json' };

/** The vendor's device API over real phones: what a portal takes away is gone for the phone from its next request on. */
describe('the device API', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
    await stack.database.knex('general_settings').update({ push_enrolment_mode: 'multiple_devices' });
  });
  afterAll(() => stack?.stop());

  const call = (method: string, path: string, body?: unknown) =>
    stack.portal.request(method, path, body === undefined ? {} : { body: JSON.stringify(body), headers: JSON_BODY });
  const devicesOf = async (user: string, version = 'v4') =>
    (await call('GET', `/oauth/api/${version}/users/${encodeURIComponent(user)}/devices`)).body.devices ?? [];
  const pathOf = ({ userId, deviceId }: Phone, action = '') => `${USERS}/${userId}/devices/${deviceId}${action}`;
  const eventsOf = (user: string) => stack.database.knex('events').where({ user_id: user }).orderBy('id');
  const lastEventOf = async (user: string) => (await eventsOf(user)).at(-1);
  const isAdmitted = async (phone: Phone) =>
    (await (await createRawPhone(stack.apiUrl, phone)).request('GET', '/device/v1/transactions')).status === 200;
  const resultOf = async (transactionId: string) => (await stack.portal.result(transactionId)).body.status;

  it('lists the devices of a user in the shape of version 4, and of version 3', async () => {
    const phone = await stack.enrolPhone('lister');
    const { knex } = stack.database;
    await knex('devices').where({ id: phone.deviceId }).update({ model: 'Pixel 9', os_version: '16' });
    const startedAtMs = Date.now();
    await phone.client.pending();
    const [device] = await devicesOf('lister');
    expect(device).toEqual({
      id: phone.deviceId,
      name: 'Phone of lister',
      application: 'Demo app',
      model: 'Pixel 9',
      platform: 'android',
      osVersion: '16',
      createdAt: expect.any(Number),
      tokenTypes: ['DEFAULT'],
      lastLogin: expect.any(Number),
      mobileAuthenticationEnabled: true,
      pushAuthenticationEnabled: true,
    });
    expect(device.lastLogin).toBeGreaterThanOrEqual(startedAtMs);
    expect(Number.isInteger(device.createdAt)).toBe(true);
    expect(await devicesOf('lister', 'v3')).toEqual([
      {
        id: phone.deviceId,
        name: 'Phone of lister',
        application: 'Demo app',
        platform: 'android',
        created_at: device.createdAt,
        token_types: ['DEFAULT'],
        last_login: device.lastLogin,
        mobile_authentication_enabled: true,
        push_authentication_enabled: true,
      },
    ]);
    expect(await lastEventOf('lister')).toMatchObject({ name: 'API_DEVICES_LISTED', client_id: 'demo-portal' });
  });

  it('leaves out what it does not know of a device', async () => {
    await stack.enrolPhone('vague');
    expect(Object.keys((await devicesOf('vague'))[0])).not.toEqual(expect.arrayContaining(['model']));
  });

  it('knows no devices of a user who has none', async () => {
    for (const version of ['v3', 'v4']) {
      expect(await call('GET', `/oauth/api/${version}/users/nobody/devices`)).toMatchObject({
        status: 404,
        body: { error: 'No devices found' },
      });
    }
    expect(await lastEventOf('nobody')).toMatchObject({ name: 'API_DEVICES_NO_DATA_FOUND' });
  });

  it('takes a user off one device: keys and pushes are gone, what runs there is cancelled, others stay', async () => {
    const gone = await stack.enrolPhone('leaver');
    const stays = await stack.enrolPhone('leaver');
    const [running, elsewhere] = [await stack.begin(gone), await stack.begin(stays)];
    expect(await call('DELETE', pathOf(gone))).toMatchObject({ status: 204, body: '' });
    expect([await isAdmitted(gone), await isAdmitted(stays)]).toEqual([false, true]);
    expect([await resultOf(running), await resultOf(elsewhere)]).toEqual(['cancelled', 'pending']);
    expect((await devicesOf('leaver')).map(({ id }: { id: string }) => id)).toEqual([stays.deviceId]);
    expect((await eventsOf('leaver')).map(({ name }) => name)).toContain('API_DEVICE_REMOVED');
    expect((await call('DELETE', pathOf(gone))).status).toBe(204);
    expect(await lastEventOf('leaver')).toMatchObject({
      name: 'API_DEVICE_REMOVAL_FAILED',
      device_id: gone.deviceId,
      client_ip: '127.0.0.1',
    });
    await stack.portal.cancel(elsewhere);
  });

  it('takes nothing from another user on the same device', async () => {
    const phone = await stack.enrolPhone('first');
    const other = await stack.enrolPhone('second');
    await stack.database.knex('enrolments').where({ user_id: 'second' }).update({ device_id: phone.deviceId });
    expect((await call('DELETE', pathOf(phone))).status).toBe(204);
    expect([await isAdmitted(phone), await isAdmitted(other)]).toEqual([false, true]);
    expect(await devicesOf('second')).toHaveLength(1);
  });

  it('takes a user off all devices', async () => {
    const phones = [await stack.enrolPhone('all'), await stack.enrolPhone('all')];
    expect((await call('DELETE', `${USERS}/all/devices`)).status).toBe(204);
    expect(await Promise.all(phones.map(isAdmitted))).toEqual([false, false]);
    expect((await call('GET', `${USERS}/all/devices`)).status).toBe(404);
    expect((await eventsOf('all')).filter(({ name }) => name === 'API_DEVICE_REMOVED')).toHaveLength(2);
  });

  it('takes a user off some devices, and says which ids are none', async () => {
    const [one, two] = [await stack.enrolPhone('some'), await stack.enrolPhone('some')];
    const stranger = await stack.enrolPhone('stranger');
    const post = (ids: unknown) => call('POST', `${USERS}/some/devices`, { delete: ids });
    expect(await post([one.deviceId])).toMatchObject({ status: 204 });
    expect(await post([two.deviceId, stranger.deviceId, 'unknown'])).toMatchObject({
      status: 500,
      body: {
        code: 'not_all_devices_deleted',
        message: expect.any(String),
        details: [stranger.deviceId, 'unknown'].map((id) => ({
          id,
          status: { code: 'device_not_deleted', message: expect.any(String), details: [] },
        })),
      },
    });
    expect([await isAdmitted(two), await isAdmitted(stranger)]).toEqual([false, true]);
    for (const wrong of [undefined, [], 'x', [5], ['a\u0000b'], Array(101).fill('x')]) {
      expect(await post(wrong)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    }
  });

  it('ends mobile authentication, and the device stays until it is removed', async () => {
    const phone = await stack.enrolPhone('keyless');
    const running = await stack.begin(phone);
    expect((await call('POST', pathOf(phone, '/disableMobileAuthentication'))).status).toBe(204);
    expect(await isAdmitted(phone)).toBe(false);
    expect(await resultOf(running)).toBe('cancelled');
    expect(await devicesOf('keyless')).toMatchObject([
      { tokenTypes: [], mobileAuthenticationEnabled: false, pushAuthenticationEnabled: false },
    ]);
    expect((await eventsOf('keyless')).map(({ name }) => name)).toContain(
      'API_AUTHENTICATION_APP_AND_USER_CLIENT_KEYS_REMOVED',
    );
    expect((await call('DELETE', pathOf(phone))).status).toBe(204);
    expect(await devicesOf('keyless')).toEqual([]);
  });

  it('erases the push token alone: the keys stay, and the phone may bring another', async () => {
    const phone = await stack.enrolPhone('quiet');
    expect((await call('POST', pathOf(phone, '/disablePushAuthentication'))).status).toBe(204);
    expect(await devicesOf('quiet')).toMatchObject([
      { mobileAuthenticationEnabled: true, pushAuthenticationEnabled: false },
    ]);
    expect(await isAdmitted(phone)).toBe(true);
    expect((await eventsOf('quiet')).map(({ name }) => name)).toContain('API_AUTHENTICATION_APP_REMOVED');
    const count = (await eventsOf('quiet')).length;
    expect((await call('POST', pathOf(phone, '/disablePushAuthentication'))).status).toBe(204);
    expect((await eventsOf('quiet')).filter(({ name }) => name === 'API_AUTHENTICATION_APP_REMOVED')).toHaveLength(1);
    expect((await eventsOf('quiet')).length).toBe(count);
  });

  it('revokes the fingerprint, and nothing else', async () => {
    const phone = await stack.enrolPhone('finger');
    await phone.client.setPin('70413');
    await phone.client.registerBiometric();
    expect(await devicesOf('finger')).toMatchObject([{ tokenTypes: ['DEFAULT', 'FINGER_PRINT'] }]);
    expect((await call('POST', pathOf(phone, '/disableFingerprint'))).status).toBe(204);
    expect(await devicesOf('finger')).toMatchObject([
      { tokenTypes: ['DEFAULT'], mobileAuthenticationEnabled: true, pushAuthenticationEnabled: true },
    ]);
    expect((await eventsOf('finger')).map(({ name }) => name)).toContain('API_FINGERPRINT_REMOVED');
  });

  it('serves what came before it', async () => {
    const phone = await stack.enrolPhone('old');
    const apps = '/oauth/api/v1/users/old/authentication/apps';
    expect((await call('GET', apps)).body).toEqual({
      authentication_app_instances: [
        { id: phone.deviceId, device_id: phone.deviceId, device_name: 'Phone of old', platform: 'android' },
      ],
    });
    expect((await call('DELETE', `${apps}/${phone.deviceId}`)).status).toBe(204);
    expect((await call('GET', apps)).body).toEqual({ authentication_app_instances: [] });
    expect(await isAdmitted(phone)).toBe(false);
  });

  it('is taken once when it is asked sixteen times at once', async () => {
    const phone = await stack.enrolPhone('sixteen');
    const replies = await Promise.all(Array.from({ length: 16 }, () => call('DELETE', pathOf(phone))));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([204]));
    const names = (await eventsOf('sixteen')).map(({ name }) => name);
    expect(names.filter((name) => name === 'API_DEVICE_REMOVED')).toHaveLength(1);
  });

  it('tells wrong credentials and missing scopes apart', async () => {
    const { knex } = stack.database;
    const [client] = await knex('api_clients');
    await knex('api_clients').insert([
      { ...client, id: 'scopeless', scopes: ['onegini_api_mobile_authentication'] },
      { ...client, id: 'older', scopes: ['end_user_api'] },
    ]);
    const as = (id: string, secret = stack.portal.credentials.secret) =>
      stack.portal.request('GET', `${USERS}/lister/devices`, {
        headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
      });
    expect((await as('older')).status).toBe(200);
    expect(await as('scopeless')).toMatchObject({
      status: 403,
      body: { code: 'insufficient_permissions', details: [] },
    });
    for (const reply of [await as('older', 'wrong'), await as('nobody')]) {
      expect(reply).toMatchObject({ status: 401, body: { code: 'unauthorized', message: expect.any(String) } });
      expect(reply.headers.get('www-authenticate')).toMatch(/^Basic/);
    }
    const refused = await knex('events').where({ name: 'API_AUTHENTICATION_FAILED' }).orderBy('id');
    expect(refused.map(({ client_id }) => client_id)).toEqual(['scopeless', null, null]);
  });

  it('answers whatever stands in its address with a documented status, never with breakage', async () => {
    const part = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.string({ minLength: 1, unit: 'binary' }),
      fc.constantFrom('a/b', '%', '%00', '\u0000', '..', 'x'.repeat(300), 'é'.repeat(255), '\ud800', "'; drop table x"),
    );
    const encode = (text: string) => encodeURIComponent(text.toWellFormed()).replace(/^\.+$/, '%2E');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('v1', 'v3', 'v4'),
        part,
        part,
        fc.constantFrom(
          ...['GET /devices', 'DELETE /devices/ID', 'POST /devices/ID/disableFingerprint'],
          ...['DELETE /authentication/apps/ID', 'GET /authentication/apps', 'PUT /devices/ID', 'POST /devices'],
        ),
        fc.oneof(fc.constant(undefined), fc.json()),
        async (version, user, device, route, body) => {
          const [method = '', path = ''] = route.split(' ');
          const reply = await stack.portal.request(
            method,
            `/oauth/api/${version}/users/${encode(user)}${path.replace('ID', encode(device))}`,
            method === 'POST' && body !== undefined ? { body, headers: JSON_BODY } : {},
          );
          expect([200, 204, 400, 404, 405]).toContain(reply.status);
        },
      ),
      { numRuns: 60 },
    );
    expect(stack.api.output()).not.toMatch(/request failed/);
  });
});
