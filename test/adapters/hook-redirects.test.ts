import { createCustomAuthenticatorHook } from '../../activities/adapters/custom-authenticator-hook.ts';
import { createRestSmsGateway } from '../../activities/adapters/rest-sms-gateway.ts';
import { createServiceGeolocator } from '../../api/context/geolocate-by-service.ts';
import { type PortalServer, startPortalServer } from './portal-server.ts';

const SECRET = 'a-secret-of-the-hook';
const TIMEOUT_MS = 10_000;

describe.each([301, 302, 303, 307, 308])('a redirect %d', (status) => {
  let hook: PortalServer;
  let elsewhere: PortalServer;
  let callsBefore: number;

  beforeAll(async () => {
    [hook, elsewhere] = [await startPortalServer(), await startPortalServer()];
    hook.answer = (_request, response) => void response.writeHead(status, { location: elsewhere.url }).end();
  });
  beforeEach(() => {
    callsBefore = hook.requests.length;
  });
  afterEach(() => {
    expect(hook.requests).toHaveLength(callsBefore + 1);
    expect(elsewhere.connections()).toBe(0);
  });
  afterAll(() => Promise.all([hook?.close(), elsewhere?.close()]));

  it('of a verifier is a no, and takes neither secret nor proof elsewhere', async () => {
    const verifiers = createCustomAuthenticatorHook();
    const proof = { transactionId: 't', userId: 'u', applicationId: 'a', deviceId: 'd', payload: 'open sesame' };
    expect(await verifiers.ask({ url: hook.url, secret: SECRET }, proof)).toEqual({ isAccepted: false });
    await verifiers.close();
  });

  it('of an SMS gateway is a failure, and takes neither number nor code elsewhere', async () => {
    const gateway = createRestSmsGateway(JSON.stringify({ url: hook.url, username: 'user', password: SECRET }));
    const to = { to: '+31201234567', from: null, validitySeconds: 60, transactionId: 't', step: 0 };
    const receipt = await gateway.send({ ...to, text: 'Your code is 123456', code: '123456' }, TIMEOUT_MS);
    expect(receipt).toMatchObject({ ok: false, providerCode: `http_${status}` });
    await gateway.close();
  });

  it('of a geolocation service is a failure, and takes no key elsewhere', async () => {
    const geolocator = createServiceGeolocator({ url: hook.url, key: SECRET, timeoutMs: TIMEOUT_MS });
    expect(await geolocator.locate('192.0.2.7')).toEqual({ ok: false, failure: 'call_failed' });
    await geolocator.close();
  });
});
