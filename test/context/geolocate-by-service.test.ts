import { createServiceGeolocator } from '../../api/context/geolocate-by-service.ts';
import { rememberLocations } from '../../api/context/remember-locations.ts';
import { type PortalServer, startPortalServer } from '../adapters/portal-server.ts';

const KEY = 'key/with?signs';
const REPLY = { success: true, message: 'Success', country_code: 'NL', region: 'Utrecht', city: 'Utrecht', vpn: false };
const location = { countryCode: 'NL', region: 'Utrecht', city: 'Utrecht' };
const CALL_FAILED = { ok: false, failure: 'call_failed' };
const RESPONSE_INVALID = { ok: false, failure: 'response_invalid' };

/** Stands for the service, on loopback. */
let service: PortalServer;
let geolocator: ReturnType<typeof createServiceGeolocator>;

beforeEach(async () => {
  service = await startPortalServer();
  reply(200, REPLY);
  geolocator = createServiceGeolocator({ url: `${service.url}/api/json/ip/`, key: KEY, timeoutMs: 20_000 });
});
afterEach(async () => {
  await geolocator.close();
  await service.close();
});

function reply(status: number, body: unknown): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  service.answer = (_request, response) => void response.writeHead(status).end(text);
}

it('asks by key and address, and takes country, region and city from the reply', async () => {
  expect(await geolocator.locate('2001:db8::1')).toStrictEqual({ ok: true, source: 'service', location });
  expect(service.requests).toMatchObject([
    { method: 'GET', path: '/api/json/ip/key%2Fwith%3Fsigns/2001%3Adb8%3A%3A1', body: '' },
  ]);
});

it.each([
  ['no region', { ...REPLY, region: 'N/A' }, { countryCode: 'NL', city: 'Utrecht' }],
  ['a country alone', { success: true, country_code: 'NL' }, { countryCode: 'NL' }],
])('takes %s', async (_name, body, expected) => {
  reply(200, body);
  expect(await geolocator.locate('192.0.2.1')).toStrictEqual({ ok: true, source: 'service', location: expected });
});

it.each([
  ['a refusal', 200, { success: false, message: 'Invalid or unauthorized key.' }, CALL_FAILED],
  ['a quota that is used up', 429, {}, CALL_FAILED],
  ['an error', 500, 'oops', CALL_FAILED],
  ['a redirection', 302, '', CALL_FAILED],
  ['no JSON', 200, '<html>', RESPONSE_INVALID],
  ['JSON of another shape', 200, [], RESPONSE_INVALID],
  ['no success', 200, { country_code: 'NL' }, RESPONSE_INVALID],
  ['no country', 200, { success: true, city: 'Utrecht' }, RESPONSE_INVALID],
  ['a country that is none', 200, { ...REPLY, country_code: 'N/A' }, RESPONSE_INVALID],
  ['far too much', 200, JSON.stringify({ ...REPLY, more: 'x'.repeat(100_000) }), CALL_FAILED],
])('takes %s for a failure', async (_name, status, body, expected) => {
  reply(status, body);
  expect(await geolocator.locate('192.0.2.1')).toStrictEqual(expected);
});

it('gives up what hangs, is cut, or is not there', async () => {
  const impatient = createServiceGeolocator({ url: service.url, key: KEY, timeoutMs: 300 });
  service.answer = () => {};
  expect(await impatient.locate('192.0.2.1')).toStrictEqual(CALL_FAILED);
  service.answer = (_request, response) => {
    response.writeHead(200);
    response.write('{');
  };
  expect(await impatient.locate('192.0.2.1')).toStrictEqual(CALL_FAILED);
  await impatient.close();
  service.answer = (_request, response) => void response.socket?.destroy();
  expect(await geolocator.locate('192.0.2.1')).toStrictEqual(CALL_FAILED);
  const { url } = service;
  await service.close();
  const lonely = createServiceGeolocator({ url, key: KEY, timeoutMs: 20_000 });
  expect(await lonely.locate('192.0.2.1')).toStrictEqual(CALL_FAILED);
  await lonely.close();
  service = await startPortalServer();
});

describe('what was found', () => {
  it('is kept, so that the service is asked once', async () => {
    const remembering = rememberLocations(geolocator, 60_000);
    expect(await remembering.locate('192.0.2.1')).toStrictEqual({ ok: true, source: 'service', location });
    expect(await remembering.locate('192.0.2.1')).toStrictEqual({ ok: true, source: 'cache', location });
    expect(await remembering.locate('192.0.2.2')).toMatchObject({ source: 'service' });
    expect(service.requests).toHaveLength(2);
  });

  it('is shared by sixteen that ask at once', async () => {
    const remembering = rememberLocations(geolocator, 60_000);
    const all = await Promise.all(Array.from({ length: 16 }, () => remembering.locate('192.0.2.1')));
    for (const located of all) expect(located).toStrictEqual({ ok: true, source: 'service', location });
    expect(service.requests).toHaveLength(1);
  });

  it('is not kept when it was a failure', async () => {
    const remembering = rememberLocations(geolocator, 60_000);
    reply(500, '');
    expect(await remembering.locate('192.0.2.1')).toStrictEqual(CALL_FAILED);
    reply(200, REPLY);
    expect(await remembering.locate('192.0.2.1')).toMatchObject({ source: 'service' });
  });
});
