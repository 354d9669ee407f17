import { randomUUID } from 'node:crypto';
import { createDeviceClient, createMemoryStore, type DeviceClient, readActivationPassword } from '../../sdk/index.ts';
import type { OneSpanPortal } from '../support/onespan-portal.ts';
import { type OneSpanStack, PASSWORD, startOneSpanStack } from '../support/onespan-stack.ts';

let stack: OneSpanStack;
let onespan: OneSpanPortal;
let other: OneSpanPortal;

beforeAll(async () => {
  stack = await startOneSpanStack();
  ({ onespan } = stack);
  await onespan.putDomain('branch', { applicationId: 'demo-app', typeName: 'push' });
  other = await stack.anotherPortal();
});
afterAll(() => stack?.stop());

const register = (userID: string, more: object = {}) =>
  onespan.post('/v1/users/register', { objectType: 'RegisterUserInput', userID, ...more });
const activationOf = async (login: string, more: object = {}, portal = onespan) =>
  (await portal.post('/v1/registrations/check-status', { login, timeoutSeconds: '0', ...more })).body.activationStatus;
const registration = (id: string, step: string, body: object, portal = onespan) =>
  portal.post(`/v1/registrations/${id}/${step}`, body);

/** A phone that enrols by what the portal's page shows. */
async function activateBy(activationPassword: string): Promise<DeviceClient> {
  const minted = await fetch(`${stack.fcm.url}/simulator/registrations`, { method: 'POST' });
  const { token: pushToken } = (await minted.json()) as { token: string };
  const ticket = readActivationPassword(activationPassword);
  if (!ticket) throw new Error('no activation password');
  const client = createDeviceClient({ serverUrl: stack.apiUrl, store: createMemoryStore() });
  await client.enrol({ ticket, pushToken, device: { name: 'A phone', platform: 'ios' } });
  return client;
}

const NOT_STARTED = { status: 409, body: { message: 'Registration ceremony was not started' } };

it.each([
  ['of the default domain', {}, 'demo', ''],
  ['of another domain', { domain: 'branch' }, 'branch', '@branch'],
])('registers a user %s, who then logs in with the phone they activated', async (_whose, more, domain, suffix) => {
  expect(await activationOf('alice', more)).toBe('unknown');
  const { status, body } = await register('alice', { ...more, staticPassword: PASSWORD });
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      registrationID: expect.any(String),
      activationPassword: expect.any(String),
      serialNumber: expect.stringMatching(/^[A-Z0-9]{3}[0-9]{7}$/),
    },
  });
  expect(await activationOf('alice', more)).toBe('pending');
  expect(await registration(body.registrationID, 'add-device', { deviceCode: 'x' })).toMatchObject(NOT_STARTED);
  expect(await registration(body.registrationID, 'activate', { signature: 'x' })).toMatchObject(NOT_STARTED);

  const phone = await activateBy(body.activationPassword);
  expect(await activationOf('alice', more)).toBe('activated');
  expect(await registration(body.registrationID, 'add-device', { deviceCode: 'x' })).toMatchObject({
    status: 200,
    body: {
      ...{ userID: 'alice', domain, deviceType: 'ios', deviceStatus: 'active' },
      serialNumber: body.serialNumber,
    },
  });
  expect(await registration(body.registrationID, 'activate', { signature: 'x' })).toMatchObject({
    status: 200,
    body: { activationStatus: 'activated' },
  });
  const login = await onespan.login(`alice${suffix}`, `push${PASSWORD}`);
  await phone.approve(await phone.fetchChallenge(login.body.requestID));
  expect((await onespan.session(login.body.requestID)).body).toEqual({ sessionStatus: 'accepted' });
});

it('gives a known user another registration, and no other password', async () => {
  const first = await register('again', { staticPassword: PASSWORD });
  const second = await register('again');
  expect(second.status).toBe(200);
  expect(second.body.registrationID).not.toBe(first.body.registrationID);
  expect(await register('again', { staticPassword: 'another-password' })).toMatchObject({
    status: 409,
    body: { error: 'Conflict', message: 'User already exists' },
  });
  await activateBy(second.body.activationPassword);
  expect((await onespan.login('again', `push${PASSWORD}`)).body).toMatchObject({ sessionStatus: 'pending' });
});

it('tells that a registration was not used in time', async () => {
  const { body } = await register('slow');
  await stack.database
    .knex('enrolment_tickets')
    .where({ reference: body.registrationID })
    .update({ expires_at: stack.database.knex.fn.now() });
  expect(await activationOf('slow')).toBe('timeout');
  expect(await registration(body.registrationID, 'activate', { signature: 'x' })).toMatchObject(NOT_STARTED);
});

it('tells nothing of a registration to another client, or of one that there is not', async () => {
  const { body } = await register('private');
  await activateBy(body.activationPassword);
  expect(await activationOf('private', {}, other)).toBe('unknown');
  expect(await activationOf('private', { domain: 'nowhere' })).toBe('unknown');
  expect(await registration(body.registrationID, 'activate', { signature: 'x' }, other)).toMatchObject(NOT_STARTED);
  for (const id of [randomUUID(), 'no-id']) {
    expect(await registration(id, 'add-device', { deviceCode: 'x' })).toMatchObject(NOT_STARTED);
  }
});

it('reads a user, and what locks them', async () => {
  const { body } = await register('read', { staticPassword: PASSWORD });
  const user = { userID: 'read', domain: 'demo', locked: false, staticPasswordSet: true, devices: [] };
  expect((await onespan.get('/v1/users/read')).body).toEqual(user);
  await activateBy(body.activationPassword);
  for (let time = 0; time < 5; time += 1) await onespan.login('read', 'pushwrong-password');
  expect((await onespan.get('/v1/users/read@demo')).body).toEqual({
    ...user,
    locked: true,
    devices: [{ deviceID: expect.any(String), name: 'A phone', platform: 'ios', pushNotification: true }],
  });
  for (const unknown of ['nobody', 'read@branch', 'read@nowhere']) {
    expect(await onespan.get(`/v1/users/${unknown}`)).toMatchObject({ status: 404, body: { error: 'Not Found' } });
  }
});

it('unregisters a user: no password, no phone, and nothing that waits for one', async () => {
  const { body } = await register('leaver', { staticPassword: PASSWORD });
  const phone = await activateBy(body.activationPassword);
  const login = await onespan.login('leaver', `push${PASSWORD}`);
  expect(await onespan.post('/v1/users/leaver/unregister', {})).toMatchObject({ status: 204 });
  expect((await onespan.session(login.body.requestID)).body).toEqual({ sessionStatus: 'failure' });
  await expect(phone.pending()).rejects.toMatchObject({ code: 'enrolment_unknown' });
  expect(await onespan.login('leaver', `push${PASSWORD}`)).toMatchObject({
    status: 409,
    body: { message: 'Authentication failed' },
  });
  expect(await onespan.get('/v1/users/leaver')).toMatchObject({ status: 404 });
  expect(await onespan.post('/v1/users/leaver/unregister', {})).toMatchObject({ status: 404 });
});

it('registers nobody in a domain that there is not', async () => {
  expect(await register('someone', { domain: 'nowhere' })).toMatchObject({
    status: 400,
    body: { validationErrors: [{ message: expect.stringContaining('domain') }] },
  });
});

it('reads an activation password, and nothing else for one', () => {
  const reference = randomUUID();
  const secret = 'A'.repeat(43);
  expect(readActivationPassword(` ${reference}.${secret}\n`)).toEqual({ reference, secret });
  for (const text of ['', reference, `${reference}.short`, `${secret}.${reference}`]) {
    expect(readActivationPassword(text)).toBeUndefined();
  }
});
