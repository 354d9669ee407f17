import {
  CONFIGURATION_KEYS,
  demoPortalOf,
  loadApiConfig,
  loadMigrateConfig,
  loadWorkerConfig,
} from '../../runtime/config.ts';

const KEY = Buffer.alloc(32, 1).toString('base64');
const API_ENV = {
  DATABASE_URL: 'postgres://user:password@db.example:5432/countersign',
  TEMPORAL_ADDRESS: 'temporal.example:7233',
  ENCRYPTION_KEYS: `k1:${KEY}`,
  PUBLIC_URL: 'https://auth.example',
} as const;
const { PUBLIC_URL: _publicUrl, ...WORKER_ENV } = API_ENV;

/** The message with which the environment is refused; throws when it is not. */
function refusalOf(load: () => unknown): string {
  try {
    load();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the configuration was taken');
}

describe('the demonstration', () => {
  const DEMO_ENV = {
    ...{ ...API_ENV, DEMO_PORTAL: 'true', DEMO_PORTAL_CLIENT_ID: 'demo', DEMO_PORTAL_CLIENT_SECRET: 'secret' },
    ...{ DEMO_PORTAL_FCM_URL: 'http://127.0.0.1:9001/', DEMO_PORTAL_SMS_URL: 'http://127.0.0.1:9002' },
  } as const;

  it('is off unless it is asked for, whatever else is set', () => {
    expect(demoPortalOf(loadApiConfig(API_ENV))).toBeUndefined();
    expect(demoPortalOf(loadApiConfig({ ...DEMO_ENV, DEMO_PORTAL: 'false' }))).toBeUndefined();
  });

  it('is taken whole or not at all', () => {
    expect(demoPortalOf(loadApiConfig(DEMO_ENV))).toEqual({
      client: { id: 'demo', secret: 'secret' },
      ...{ fcmUrl: 'http://127.0.0.1:9001', smsUrl: 'http://127.0.0.1:9002' },
    });
    const { DEMO_PORTAL_SMS_URL: _, ...half } = DEMO_ENV;
    expect(refusalOf(() => loadApiConfig(half))).toContain('DEMO_PORTAL_SMS_URL');
    const abroad = { ...DEMO_ENV, DEMO_PORTAL_FCM_URL: 'http://fcm.example' };
    expect(refusalOf(() => loadApiConfig(abroad))).toContain('DEMO_PORTAL_FCM_URL');
  });
});

describe('what is not set', () => {
  it('has defaults for the API where a default is safe', () => {
    expect(loadApiConfig(API_ENV)).toMatchObject({
      API_HOST: '127.0.0.1',
      API_PORT: 8080,
      DATABASE_POOL_SIZE: 10,
      TEMPORAL_NAMESPACE: 'default',
      TEMPORAL_TASK_QUEUE: 'countersign',
      TEMPORAL_TLS: false,
      LOG_LEVEL: 'info',
      MESSAGE_MAX_LENGTH: 155,
      TRANSACTION_MAX_SECONDS: 600,
    });
  });

  it('has defaults for the worker where a default is safe', () => {
    expect(loadWorkerConfig(WORKER_ENV)).toMatchObject({ CALLBACK_TIMEOUT_SECONDS: 15, PUSH_TIMEOUT_MS: 3_000 });
    expect(loadWorkerConfig(WORKER_ENV).CALLBACK_ALLOWED_NETWORKS.rules).toStrictEqual([]);
  });

  it.each(Object.keys(API_ENV))('is refused by the API when it is %s', (name) => {
    expect(refusalOf(() => loadApiConfig({ ...API_ENV, [name]: undefined }))).toContain(`  ${name}: `);
    expect(refusalOf(() => loadApiConfig({ ...API_ENV, [name]: '' }))).toContain(`  ${name}: `);
  });

  it.each(Object.keys(WORKER_ENV))('is refused by the worker when it is %s', (name) => {
    expect(refusalOf(() => loadWorkerConfig({ ...WORKER_ENV, [name]: undefined }))).toContain(`  ${name}: `);
  });

  it('takes an empty value for one that is not set', () => {
    expect(loadApiConfig({ ...API_ENV, API_PORT: '', LOG_LEVEL: '' })).toMatchObject({
      API_PORT: 8080,
      LOG_LEVEL: 'info',
    });
  });

  it('asks a migration for the database alone', () => {
    expect(loadMigrateConfig({ DATABASE_URL: API_ENV.DATABASE_URL })).toStrictEqual({
      DATABASE_URL: API_ENV.DATABASE_URL,
    });
    expect(refusalOf(() => loadMigrateConfig({}))).toContain('  DATABASE_URL: ');
  });
});

it('tells all problems at once', () => {
  const message = refusalOf(() =>
    loadApiConfig({ API_PORT: '70000', LOG_LEVEL: 'loud', TRANSACTION_MAX_SECONDS: '601', ENCRYPTION_KEYS: 'x' }),
  );
  for (const name of [...Object.keys(API_ENV), 'API_PORT', 'LOG_LEVEL', 'TRANSACTION_MAX_SECONDS']) {
    expect(message).toContain(`\n  ${name}: `);
  }
  expect(message).toContain('ENCRYPTION_KEYS: entry 1 must be');
});

it('never prints a value, whatever is wrong with it', () => {
  const allWrong = Object.fromEntries(CONFIGURATION_KEYS.map((name) => [name, `SENTINEL of ${name}`]));
  for (const load of [loadApiConfig, loadWorkerConfig, loadMigrateConfig]) {
    const message = refusalOf(() => load(allWrong));
    expect(message).toContain('DATABASE_URL: ');
    expect(message).not.toContain('SENTINEL');
  }
});

it('gives a configuration that nobody can change', () => {
  expect(Object.isFrozen(loadApiConfig(API_ENV))).toBe(true);
  expect(Object.isFrozen(loadWorkerConfig(WORKER_ENV))).toBe(true);
});

describe('bounds of the API', () => {
  it.each([
    ['API_PORT', ['0', '65535'], ['-1', '65536', '80.5', 'http']],
    ['DATABASE_POOL_SIZE', ['2', '200'], ['1', '201', '2.5', 'many']],
    ['API_MAX_CONCURRENT_REQUESTS', ['1', '10000'], ['0', '10001']],
    ['MESSAGE_MAX_LENGTH', ['1', '1000'], ['0', '1001']],
    ['TRANSACTION_MAX_SECONDS', ['1', '600'], ['0', '601', '-600', 'NaN', 'Infinity']],
    ['LOG_LEVEL', ['silent', 'trace'], ['loud', 'INFO']],
    ['TEMPORAL_ADDRESS', ['localhost:7233', '[::1]:7233'], ['localhost', 'http://localhost:7233', 'a b:7233']],
    [
      'TRUST_PROXY',
      ['1', '10', 'loopback', '10.0.0.0/8, 192.0.2.1,fd00::/8'],
      ['0', '11', 'true', 'proxy', '10.0.0.0/33', '10.0.0.0/8,'],
    ],
    ['EVENTS_EXCLUDED', ['API_DEVICES_LISTED', 'A,B_2 , C'], ['api', 'A B', "A';--"]],
    ['EVENT_LOG', ['true', 'false'], ['loud']],
    ['TEMPORAL_TLS', ['true', 'false', '1', '0'], ['maybe']],
    ['DATABASE_URL', ['postgresql://db/x'], ['mysql://db/x', 'db', 'http://db/x']],
    ['PUBLIC_URL', ['http://localhost:8080', 'https://a.example'], ['auth.example', 'ftp://auth.example']],
  ])('%s takes %j and refuses %j', (name, good, bad) => {
    for (const value of good) expect(() => loadApiConfig({ ...API_ENV, [name]: value })).not.toThrow();
    for (const value of bad) {
      expect(refusalOf(() => loadApiConfig({ ...API_ENV, [name]: value }))).toContain(`  ${name}: `);
    }
  });

  it('takes the public address with and without slashes at its end for the same', () => {
    for (const url of ['https://auth.example', 'https://auth.example/', 'https://auth.example//']) {
      expect(loadApiConfig({ ...API_ENV, PUBLIC_URL: url }).PUBLIC_URL).toBe('https://auth.example');
    }
  });
});

describe('bounds of the worker', () => {
  it.each([
    ['CALLBACK_TIMEOUT_SECONDS', ['1', '60'], ['0', '61']],
    ['EVENT_RETENTION_DAYS', ['1', '36500'], ['0', '36501']],
    ['TRANSACTION_RETENTION_DAYS', ['4', '36500'], ['3', '36501']],
    ['MESSAGE_RETENTION_HOURS', ['1', '87600'], ['0', '87601']],
    ['PUSH_TIMEOUT_MS', ['100', '5000'], ['99', '5001']],
    ['SMS_TIMEOUT_MS', ['100', '5000'], ['99', '5001']],
    ['SMS_CONSOLE_ENABLED', ['true', 'false'], ['maybe']],
    ['PUBLIC_URL', ['https://a.example'], ['auth.example']],
    [
      'PUSH_PROXY_URL',
      ['http://proxy:3128', 'http://user:p%40ss@10.0.0.1:3128', 'http://[::1]:3128'],
      ['proxy:3128', 'https://proxy:3128', 'socks5://proxy:1080', 'http://user:100%@proxy:3128'],
    ],
    ['WORKER_MAX_CACHED_WORKFLOWS', ['10', '100000'], ['9', '100001']],
  ])('%s takes %j and refuses %j', (name, good, bad) => {
    for (const value of good) expect(() => loadWorkerConfig({ ...WORKER_ENV, [name]: value })).not.toThrow();
    for (const value of bad) {
      expect(refusalOf(() => loadWorkerConfig({ ...WORKER_ENV, [name]: value }))).toContain(`  ${name}: `);
    }
  });
});

describe('networks that callbacks may go to', () => {
  const load = (text: string) =>
    loadWorkerConfig({ ...WORKER_ENV, CALLBACK_ALLOWED_NETWORKS: text }).CALLBACK_ALLOWED_NETWORKS;

  it('are a list of CIDRs, of both families', () => {
    const networks = load('10.0.0.0/8, 192.168.1.0/24,fd00::/8,,127.0.0.1/32');
    for (const [address, family] of [
      ['10.255.0.1', 'ipv4'],
      ['192.168.1.9', 'ipv4'],
      ['fd00::1', 'ipv6'],
      ['127.0.0.1', 'ipv4'],
    ] as const) {
      expect(networks.check(address, family)).toBe(true);
    }
    for (const [address, family] of [
      ['11.0.0.1', 'ipv4'],
      ['192.168.2.9', 'ipv4'],
      ['fe80::1', 'ipv6'],
      ['127.0.0.2', 'ipv4'],
    ] as const) {
      expect(networks.check(address, family)).toBe(false);
    }
  });

  it.each([
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8.5',
    '10.0.0/8',
    'fd00::/129',
    'intranet.example/8',
    'localhost',
    '10.0.0.0/8;192.168.0.0/16',
    '10.0.0.0/8/16',
  ])('refuses %s', (text) => {
    expect(refusalOf(() => load(`127.0.0.0/8,${text}`))).toContain('CALLBACK_ALLOWED_NETWORKS: must be');
  });
});

describe('an identity provider', () => {
  const PROVIDER = {
    IDENTITY_PROVIDER_ISSUER: 'https://login.example',
    IDENTITY_PROVIDER_AUDIENCE: 'countersign',
    IDENTITY_PROVIDER_JWKS_URL: 'https://login.example/jwks',
  } as const;

  it('is none, or is told completely', () => {
    expect(loadApiConfig(API_ENV).IDENTITY_PROVIDER_ISSUER).toBeUndefined();
    expect(loadApiConfig({ ...API_ENV, ...PROVIDER })).toMatchObject(PROVIDER);
    for (const name of Object.keys(PROVIDER)) {
      expect(refusalOf(() => loadApiConfig({ ...API_ENV, ...PROVIDER, [name]: undefined }))).toContain(`  ${name}: `);
    }
  });

  it.each([
    ['https://login.example/jwks', true],
    ['http://127.0.0.1:4000/jwks', true],
    ['http://login.example/jwks', false],
    ['file:///etc/keys', false],
    ['no address', false],
  ])('has its keys at %s: %s', (address, isTaken) => {
    const load = () => loadApiConfig({ ...API_ENV, ...PROVIDER, IDENTITY_PROVIDER_JWKS_URL: address });
    if (isTaken) expect(load()).toMatchObject({ IDENTITY_PROVIDER_JWKS_URL: address });
    else expect(refusalOf(load)).toContain('  IDENTITY_PROVIDER_JWKS_URL: ');
  });
});

describe('geolocation', () => {
  it('is off, and keeps to the address of the service where none is told', () => {
    expect(loadApiConfig(API_ENV)).toMatchObject({
      GEOLOCATION_RESOLVER: 'none',
      GEOLOCATION_URL: 'https://www.ipqualityscore.com/api/json/ip/',
      GEOLOCATION_DATABASES: [],
    });
  });

  it('takes several files', () => {
    const files = { GEOLOCATION_RESOLVER: 'mmdb', GEOLOCATION_DATABASES: '/a.mmdb, /b c.mmdb,' };
    expect(loadApiConfig({ ...API_ENV, ...files }).GEOLOCATION_DATABASES).toEqual(['/a.mmdb', '/b c.mmdb']);
  });

  it.each([
    ['mmdb', {}, 'GEOLOCATION_DATABASES: to be set'],
    ['mmdb', { GEOLOCATION_DATABASES: ' , ' }, 'GEOLOCATION_DATABASES: to be set'],
    ['http', {}, 'GEOLOCATION_KEY: to be set'],
    ['http', { GEOLOCATION_KEY: 'k', GEOLOCATION_URL: 'http://geo.example/' }, 'GEOLOCATION_URL: must be https'],
    ['dns', {}, 'GEOLOCATION_RESOLVER: '],
  ])('by %s with %j is refused', (resolver, env, problem) => {
    const load = () => loadApiConfig({ ...API_ENV, GEOLOCATION_RESOLVER: resolver, ...env });
    expect(refusalOf(load)).toContain(problem);
  });
});
