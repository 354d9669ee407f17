import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadApiConfig } from '../../runtime/config.ts';

const keysText = (byte: number): string => `k1:${Buffer.alloc(32, byte).toString('base64')}`;
const ENV = {
  DATABASE_URL: 'postgres://db.example/countersign',
  TEMPORAL_ADDRESS: 'temporal.example:7233',
  PUBLIC_URL: 'https://auth.example',
} as const;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-config-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function fileWith(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const macOf = (env: NodeJS.ProcessEnv): string =>
  loadApiConfig(env).ENCRYPTION_KEYS.lastingMac('idempotency', 'x').toString('hex');

it('reads a secret from the file that NAME_FILE names, line feed and all', () => {
  const path = fileWith('keys', `${keysText(1)}\n`);
  expect(macOf({ ...ENV, ENCRYPTION_KEYS_FILE: path })).toBe(macOf({ ...ENV, ENCRYPTION_KEYS: keysText(1) }));
});

it('reads every setting that way, not only secrets', () => {
  const config = loadApiConfig({
    ...ENV,
    ENCRYPTION_KEYS: keysText(1),
    DATABASE_URL: undefined,
    DATABASE_URL_FILE: fileWith('database', 'postgres://other.example/x'),
    API_PORT_FILE: fileWith('port', '9090'),
  });
  expect(config).toMatchObject({ DATABASE_URL: 'postgres://other.example/x', API_PORT: 9090 });
});

it('prefers the variable where both are set', () => {
  const env = { ...ENV, ENCRYPTION_KEYS: keysText(1), ENCRYPTION_KEYS_FILE: fileWith('both', keysText(2)) };
  expect(macOf(env)).toBe(macOf({ ...ENV, ENCRYPTION_KEYS: keysText(1) }));
});

it('reads the file where the variable is there but empty, as compose files leave it', () => {
  const env = { ...ENV, ENCRYPTION_KEYS: '', ENCRYPTION_KEYS_FILE: fileWith('empty-variable', keysText(2)) };
  expect(macOf(env)).toBe(macOf({ ...ENV, ENCRYPTION_KEYS: keysText(2) }));
});

it.each(['ENCRYPTION_KEYS_FILE: the file can not be read (ENOENT)', 'API_PORT: ', 'LOG_LEVEL: '])(
  'tells a file that can not be read together with all other problems: %s',
  (problem) => {
    const absent = join(folder, 'absent');
    const env = { ...ENV, ENCRYPTION_KEYS_FILE: absent, API_PORT: '70000', LOG_LEVEL: 'loud' };
    expect(() => loadApiConfig(env)).toThrow(`\n  ${problem}`);
  },
);

it('refuses to start when an optional setting names a file that can not be read', () => {
  expect(() =>
    loadApiConfig({ ...ENV, ENCRYPTION_KEYS: keysText(1), TEMPORAL_API_KEY_FILE: join(folder, 'absent') }),
  ).toThrow('TEMPORAL_API_KEY_FILE: the file can not be read (ENOENT)');
});

it('prints nothing of what a faulty file holds', () => {
  const path = fileWith('faulty', 'SENTINEL:not a key');
  expect(() => loadApiConfig({ ...ENV, ENCRYPTION_KEYS_FILE: path })).toThrow(/^(?![\s\S]*SENTINEL)/);
  expect(() => loadApiConfig({ ...ENV, ENCRYPTION_KEYS_FILE: path })).toThrow('ENCRYPTION_KEYS: entry 1 must be');
});
