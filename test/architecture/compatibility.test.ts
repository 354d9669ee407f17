import { readFileSync } from 'node:fs';
import { MOBILE_AUTHENTICATION_ERRORS } from '../../runtime/errors.ts';
import { compatibilityRows, hasTest } from '../support/compatibility-table.ts';

const DOCUMENT = 'docs/compatibility.md';
const read = (path: string): string => readFileSync(path, 'utf8');
const HEADINGS = [...read(DOCUMENT).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading as string);
const namesOf = (heading: string, ...states: readonly string[]): string[] =>
  compatibilityRows(DOCUMENT, heading)
    .filter(({ state }) => states.includes(state))
    .map(({ name }) => name);

/** Paths of the vendor's public reference, which the table may call not served but not leave out. */
const OF_THE_VENDOR = [
  'GET /oauth/api/v4/authenticate/user/{}/device/{}/enabled',
  'GET /oauth/api/v4/authenticate/user/{}/enabled',
  'POST /oauth/api/v4/authenticate/user',
  'GET /oauth/api/v4/authenticate/transaction/{}',
  'POST /oauth/api/v4/authenticate/user/{}/sms',
  'POST /oauth/api/v4/authenticate/user/{}/sms/resend',
  'GET /oauth/api/v3/authenticate/user/{}/application/{}/enabled',
  'GET /oauth/api/v3/authenticate/user/{}/enabled',
  'POST /oauth/api/v3/authenticate/user',
  'GET /oauth/api/v3/authenticate/transaction/{}',
  'POST /oauth/api/v3/authenticate/user/{}/sms',
  'POST /oauth/api/v3/authenticate/user/{}/sms/resend',
  'GET /oauth/api/v2/authenticate/user/{}/enabled/{}',
  'POST /oauth/api/v2/authenticate/user',
  'GET /oauth/authenticate/user/{}/enabled',
  'GET /oauth/authenticate/user/{}/enabled/{}',
  'GET /oauth/api/v4/users/{}/devices',
  'GET /oauth/api/v3/users/{}/devices',
  'POST /oauth/api/v4/users/{}/devices',
  'DELETE /oauth/api/v4/users/{}/devices',
  'DELETE /oauth/api/v4/users/{}/devices/{}',
  'POST /oauth/api/v4/users/{}/devices/{}/disableFingerprint',
  'POST /oauth/api/v4/users/{}/devices/{}/disableMobileAuthentication',
  'POST /oauth/api/v4/users/{}/devices/{}/disablePushAuthentication',
  'GET /oauth/api/v1/users/{}/authentication/apps',
  'DELETE /oauth/api/v1/users/{}/authentication/apps/{}',
  'GET /oauth/api/v1/events',
  'POST <callback_uri>',
];

/** Additions of ours, which docs/api.md and docs/events.md tell of. */
const OURS_ALONE = /\/(receipt|callbacks|redeliver|otp\.svg|otp\.png|export)$/;

/** Last parts of the addresses that a router serves, with their method, `{}` for each parameter. */
function routesOf(file: string): string[] {
  const routes = read(file).matchAll(/(?:router\.(get|post|delete)\(|(routeReading)\(router, )'([^']+)'/g);
  return [...routes].map(([, method = 'get', , path = '']) => `${method.toUpperCase()} ${path.replace(/:\w+/g, '{}')}`);
}

describe('the table of compatibility', () => {
  const listed = compatibilityRows(DOCUMENT, 'Endpoints').map((row) => ({
    ...row,
    name: row.name.replace(/\{\w+\}/g, '{}'),
  }));

  it('lists every endpoint that the vendor documents', () => {
    expect(listed.map(({ name }) => name)).toEqual(expect.arrayContaining(OF_THE_VENDOR));
  });

  it('lists every endpoint of mobile authentication that is served', () => {
    const served = routesOf('api/routes/mobile-authentication/router.ts').filter((route) => !OURS_ALONE.test(route));
    expect(served.length).toBeGreaterThan(10);
    for (const route of new Set(served)) {
      const [method, path = ''] = route.split(' ');
      const isListed = listed.some(
        ({ name, state }) => name.startsWith(`${method} `) && name.endsWith(path) && state !== 'not served',
      );
      expect({ route, isListed }).toEqual({ route, isListed: true });
    }
  });

  it('lists the codes that are told as served, and no others', () => {
    expect(namesOf('Codes', 'served', 'differs').sort()).toEqual(Object.keys(MOBILE_AUTHENTICATION_ERRORS).sort());
  });

  it('calls events served that are written, and no others', () => {
    const written = new Set([...read('docs/events.md').matchAll(/^\| `([A-Z0-9_]+)`/gm)].map(([, name]) => name));
    const events = compatibilityRows(DOCUMENT, 'Events');
    expect(events.length).toBeGreaterThan(130);
    for (const { name, state } of events) {
      expect({ name, state }).toEqual({ name, state: written.has(name) ? 'served' : 'not served' });
    }
  });

  it('lists every event of the vendor that is written', () => {
    const marked = read('docs/events.md').matchAll(/^\| `([A-Z0-9_]+)`( †)? \|/gm);
    const ofVendor = [...marked].filter(([, , isOurs]) => isOurs === undefined).map(([, name]) => name as string);
    expect(namesOf('Events', 'served').sort()).toEqual(ofVendor.sort());
  });

  it('lists every parameter of a begin', () => {
    const schema = read('api/routes/mobile-authentication/begin-request.ts').split('z.object({')[1]?.split('\n});')[0];
    const parameters = [...(schema ?? '').matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name as string);
    expect(parameters.length).toBeGreaterThan(10);
    expect(namesOf('Parameters of a begin', 'served')).toEqual(expect.arrayContaining(parameters));
  });

  it.each(HEADINGS)('says of each line of %s what differs or why not, and which test shows it', (heading) => {
    const rows = compatibilityRows(DOCUMENT, heading);
    expect(rows).not.toHaveLength(0);
    for (const { name, state, note, test } of rows) {
      expect({ name, state }).toEqual({ name, state: expect.stringMatching(/^(served|differs|not served)$/) });
      expect({ name, hasNote: state === 'served' || note !== '' }).toEqual({ name, hasNote: true });
      const isShown = state === 'not served' ? test === '' : hasTest('test', test);
      expect({ name, test, isShown }).toEqual({ name, test, isShown: true });
    }
  });

  it('would notice a test that is not there', () => {
    expect(hasTest('test', 'e2e/push › is approved on the phone')).toBe(true);
    expect(hasTest('test', 'e2e/push › is something else')).toBe(false);
    expect(hasTest('test', 'e2e/nothing › is approved on the phone')).toBe(false);
  });
});
