import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { checkPushSettings } from '../../activities/adapters/push-providers.ts';
import { runConfigurationCommand } from '../../db/configuration-file/command.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const EXAMPLE = readFileSync('config.example.yaml', 'utf8');
const newSecret = (): string => randomBytes(32).toString('base64url');
const serviceAccount = {
  type: 'service_account',
  project_id: 'a-project',
  private_key_id: 'key-1',
  private_key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  client_email: 'push@a-project.example',
  token_uri: 'https://oauth2.example/token',
};

let database: TestDatabase;
let folder: string;
let env: Record<string, string>;

beforeEach(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'countersign-config-'));
  writeFileSync(join(folder, 'fcm-service-account.json'), `${JSON.stringify(serviceAccount, null, 2)}\n`);
  env = {
    DATABASE_URL: database.url,
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    PORTAL_CLIENT_SECRET: newSecret(),
    ADMINISTRATOR_CLIENT_SECRET: newSecret(),
  };
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

async function config(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runConfigurationCommand(args, {
    env,
    checks: { pushSettings: checkPushSettings },
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

function file(content: string | object, name = 'config.yaml'): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : stringify(content));
  return path;
}

const rowsOf = (table: string): Promise<Record<string, unknown>[]> => database.knex(table).select();

it('the example makes a first configuration, once: applied again it changes nothing', async () => {
  const path = file(EXAMPLE);
  const shown = await config('diff', path);
  expect(shown).toMatchObject({ code: 1, err: '' });
  const unmeant = await config('apply', path);
  expect(unmeant.code).toBe(1);
  expect(await rowsOf('applications')).toEqual([]);
  expect(await rowsOf('events')).toEqual([]);

  const applied = await config('apply', path, '--yes');
  expect(applied).toMatchObject({ code: 0, err: '' });
  const plan = [
    '+ push-configurations firebase',
    '+ applications my-app',
    '+ authentication-types login',
    '+ authentication-types payment',
    '+ api-clients portal',
    '+ api-clients administrator',
  ];
  expect(shown.out.split('\n')).toEqual([...plan, '']);
  expect(applied.out.split('\n')).toEqual([...plan, 'Done: 6 changed.', '']);
  expect(await rowsOf('events')).toHaveLength(6);
  expect((await rowsOf('events'))[0]).toMatchObject({ details: { operator: 'config apply' } });

  const before = await rowsOf('authentication_types');
  for (const command of [
    ['diff', path],
    ['apply', path, '--yes'],
  ]) {
    expect(await config(...command)).toEqual({ code: 0, out: 'Nothing differs.\n', err: '' });
  }
  expect(await rowsOf('authentication_types')).toEqual(before);
});

it('what was exported can be applied elsewhere and is then exported alike, with no secret in it', async () => {
  await config('apply', file(EXAMPLE), '--yes');
  const exported = await config('export');
  expect(exported).toMatchObject({ code: 0, err: '' });
  expect((await config('export')).out).toBe(exported.out);
  for (const secret of [env.PORTAL_CLIENT_SECRET, serviceAccount.private_key.toString().slice(40, 90), 'a-project']) {
    expect(exported.out).not.toContain(secret);
  }
  expect(parse(exported.out)).toMatchObject({
    features: { mobileAuthentication: true },
    'push-configurations': [{ name: 'firebase', settings: { env: 'PUSH_CONFIGURATIONS_FIREBASE_SETTINGS' } }],
    'api-clients': [
      { id: 'administrator', secret: { env: 'API_CLIENTS_ADMINISTRATOR_SECRET' } },
      { id: 'portal', secret: { env: 'API_CLIENTS_PORTAL_SECRET' } },
    ],
  });

  const source = database;
  database = await createTestDatabase();
  const first = env;
  env = {
    DATABASE_URL: database.url,
    ENCRYPTION_KEYS: `k2:${randomBytes(32).toString('base64')}`,
    PUSH_CONFIGURATIONS_FIREBASE_SETTINGS: JSON.stringify({ serviceAccount }),
    API_CLIENTS_PORTAL_SECRET: first.PORTAL_CLIENT_SECRET as string,
    API_CLIENTS_ADMINISTRATOR_SECRET: first.ADMINISTRATOR_CLIENT_SECRET as string,
  };
  expect(await config('apply', file(exported.out, 'exported.yaml'), '--yes')).toMatchObject({ code: 0, err: '' });
  expect((await config('export')).out).toBe(exported.out);
  // The same secrets, wherever they come from, are no difference.
  env = { ...first, DATABASE_URL: database.url, ENCRYPTION_KEYS: env.ENCRYPTION_KEYS as string };
  expect(await config('diff', file(EXAMPLE))).toMatchObject({ code: 0, out: 'Nothing differs.\n' });
  await source.drop();
});

it('names the fields that change, secrets by name only, and leaves what it does not list', async () => {
  await config('apply', file(EXAMPLE), '--yes');
  env.PORTAL_CLIENT_SECRET = newSecret();
  const changed = { ...parse(EXAMPLE), features: { geolocation: false } };
  changed['authentication-types'] = [{ ...changed['authentication-types'][0], timeToLiveSeconds: 90 }];
  const path = file(changed);
  const lines = [
    '~ features: geolocation',
    '~ authentication-types login: timeToLiveSeconds',
    '~ api-clients portal: secret',
  ];
  expect((await config('diff', path)).out.split('\n')).toEqual([...lines, '']);
  expect((await config('diff', path, '--prune')).out.split('\n')).toEqual([
    ...lines,
    '- authentication-types payment',
    '',
  ]);
  expect(await config('apply', path, '--yes')).toMatchObject({ code: 0 });
  expect((await rowsOf('authentication_types')).map(({ name }) => name).sort()).toEqual(['login', 'payment']);
  expect(await config('apply', path, '--yes', '--prune')).toMatchObject({ code: 0 });
  expect((await rowsOf('authentication_types')).map(({ name, version }) => [name, version])).toEqual([['login', 2]]);
  // Resources that the file does not speak of are not pruned.
  expect(await config('apply', file({ 'authentication-types': [] }), '--yes', '--prune')).toMatchObject({ code: 0 });
  expect(await rowsOf('authentication_types')).toEqual([]);
  expect(await rowsOf('applications')).toHaveLength(1);
});

it('changes nothing at all where one document is refused, and names every fault', async () => {
  const faulty = parse(EXAMPLE);
  faulty['authentication-types'][0].timeToLiveSeconds = 601;
  faulty.applications[0].androidPushConfiguration = 'nowhere';
  faulty['api-clients'][0].scopes = ['everything'];
  const refused = await config('apply', file(faulty), '--yes');
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.err.split('\n').slice(0, -1)).toEqual([
    'The file is refused; nothing was changed:',
    expect.stringMatching(/^applications my-app #\/androidPushConfiguration: /),
    expect.stringMatching(/^authentication-types login #\/timeToLiveSeconds: /),
    expect.stringMatching(/^api-clients portal #\/scopes\/0: /),
  ]);
  expect(await rowsOf('push_configurations')).toEqual([]);
});

it.each<[string, string | object, RegExp]>([
  ['no YAML', 'features: [', /Flow sequence/],
  ['a resource that there is not', { colours: [] }, /^colours: is no resource$/m],
  ['a list in place of one', { features: [] }, /^features: must be a document$/m],
  ['one in place of a list', { applications: { id: 'a' } }, /^applications: must be a list$/m],
  ['a document without name', { applications: [{ name: 'A' }] }, /^applications\[0\]\.id: must be a text$/m],
  [
    'a document twice',
    {
      applications: [
        { id: 'a', name: 'A' },
        { id: 'a', name: 'B' },
      ],
    },
    /^applications\[1\]: is there twice$/m,
  ],
  [
    'a secret in the file',
    { 'api-clients': [{ id: 'a', name: 'A', scopes: [], secret: 'an-open-secret' }] },
    /^api-clients\[0\]\.secret: must refer to its secrets/m,
  ],
  [
    'a variable that is not set',
    { 'api-clients': [{ id: 'a', name: 'A', scopes: [], secret: { env: 'NOT_SET_ANYWHERE' } }] },
    /^api-clients\[0\]\.secret: the variable NOT_SET_ANYWHERE is not set$/m,
  ],
  [
    'a file that is not there',
    { 'push-configurations': [{ name: 'a', settings: { serviceAccount: { file: 'nowhere.json' } } }] },
    /^push-configurations\[0\]\.settings: the file nowhere\.json can not be read \(ENOENT\)$/m,
  ],
])('%s is refused', async (_name, content, fault) => {
  const refused = await config('apply', file(content), '--yes');
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.err).toMatch(fault);
  expect(refused.err).not.toContain('an-open-secret');
});

it.each([[], ['unheard-of'], ['apply'], ['export', 'x'], ['diff', 'a', 'b'], ['apply', 'a', '--force']])(
  'tells how it is used when it is called %j',
  async (...args: string[]) => {
    expect(await config(...args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Usage:') });
  },
);

it('runs as a process, and tells what its environment lacks', async () => {
  const run = (environment: Record<string, string>): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      const options = { env: { PATH: process.env.PATH, ...environment } };
      execFile(process.execPath, ['db/config.ts', 'export'], options, (error, out, err) =>
        resolve({ code: Number(error?.code ?? 0), out, err }),
      );
    });
  const exported = await run(env);
  expect(exported).toMatchObject({ code: 0, err: '' });
  expect(parse(exported.out)).toMatchObject({ 'general-settings': { pushEnrolmentMode: 'single_device' } });
  expect(await run({ DATABASE_URL: database.url })).toMatchObject({
    code: 2,
    err: expect.stringContaining('ENCRYPTION_KEYS'),
  });
});

describe('a domain of the OneSpan surface', () => {
  const withDomains = (...domains: object[]) => ({ ...parse(EXAMPLE), 'onespan-domains': domains });
  const bank = { name: 'bank', applicationId: 'my-app', typeName: 'login', isDefault: true };
  const shop = { name: 'shop', applicationId: 'my-app', typeName: 'payment', clientIds: ['portal'] };

  it('is made, changed and deleted as everything else, and exported with its defaults', async () => {
    const made = await config('apply', file(withDomains(bank, shop)), '--yes');
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(made.out).toContain('+ onespan-domains bank\n+ onespan-domains shop\n');
    expect(await config('diff', file(withDomains(bank, shop)))).toMatchObject({ code: 0 });
    const { out } = await config('export');
    expect(parse(out)['onespan-domains']).toMatchObject([
      { ...bank, keywords: expect.arrayContaining([{ keyword: 'PIN', method: 'push_with_pin' }]), timeoutSeconds: 60 },
      { ...shop, isDefault: false },
    ]);
    const changed = await config('apply', file(withDomains({ ...bank, timeoutSeconds: 90 })), '--yes', '--prune');
    expect(changed.out).toMatch(/^~ onespan-domains bank: timeoutSeconds\n- onespan-domains shop\n/);
    expect(await rowsOf('onespan_domains')).toMatchObject([{ name: 'bank', timeout_seconds: 90, version: 2 }]);
    const names = (await rowsOf('events')).map(({ name }) => name);
    expect(names.filter((name) => String(name).startsWith('ADMIN_ONESPAN_DOMAIN_'))).toEqual([
      'ADMIN_ONESPAN_DOMAIN_CREATED',
      'ADMIN_ONESPAN_DOMAIN_CREATED',
      'ADMIN_ONESPAN_DOMAIN_UPDATED',
      'ADMIN_ONESPAN_DOMAIN_DELETED',
    ]);
  });

  it('names an application and a type that there are', async () => {
    const refused = await config('apply', file(withDomains({ ...bank, applicationId: 'a', typeName: 'b' })), '--yes');
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/^onespan-domains bank #\/applicationId: .*\nonespan-domains bank #\/typeName: /m);
  });

  it('stays, and stays the default one, while it has users', async () => {
    await config('apply', file(withDomains(bank, shop)), '--yes');
    await database.knex('onespan_users').insert({ user_id: 'alice', domain_name: 'bank' });
    const other = withDomains({ ...bank, isDefault: false, timeoutSeconds: 90 });
    const refused = await config('apply', file(other), '--yes');
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('onespan-domains bank #/isDefault: Can not be changed while in use.');
    expect(await config('apply', file(withDomains({ ...bank, timeoutSeconds: 90 })), '--yes')).toMatchObject({
      code: 0,
    });
    const pruned = await config('apply', file(withDomains(shop)), '--yes', '--prune');
    expect(pruned).toMatchObject({
      code: 2,
      err: expect.stringContaining('onespan-domains bank: resource_referenced'),
    });
  });
});
