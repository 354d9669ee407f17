import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DCLinter } from 'dclint';
import { parse } from 'yaml';
import {
  CONFIGURATION_KEYS,
  loadApiConfig,
  loadCodecConfig,
  loadConfigurationFileConfig,
  loadMigrateConfig,
  loadWorkerConfig,
} from '../../runtime/config.ts';

interface Service {
  readonly image: string;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly profiles?: readonly string[];
  readonly environment: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly restart: string;
  readonly stop_grace_period?: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly tmpfs: readonly string[];
}

interface LintMessage {
  readonly rule: string;
  readonly message: string;
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const composeText = read('docker-compose.yml');
const example = read('.env.example');
const manifest = JSON.parse(read('package.json')) as { readonly version: string };

const secrets = {
  POSTGRES_PASSWORD: randomBytes(24).toString('hex'),
  TEMPORAL_POSTGRES_PASSWORD: randomBytes(24).toString('hex'),
  ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
};
const required = { ...secrets, PUBLIC_URL: 'https://auth.example.com' };
const { services, networks, volumes } = compose(required);
const entries = Object.entries(services);

/** The file as compose sees it: variables are filled in after reading, and an empty one counts as missing. */
function compose(env: Readonly<Record<string, string>>): ComposeFile {
  const fill = (text: string): string =>
    text.replace(/\$\{([A-Z0-9_]+):([-?])([^}]*)\}/g, (_match, name: string, kind: string, rest: string) => {
      if (env[name]) return env[name];
      if (kind === '?') throw new Error(`${name}: ${rest}`);
      return rest;
    });
  return parse(composeText, (_key, value: unknown) => (typeof value === 'string' ? fill(value) : value), {
    merge: true,
  });
}

function environmentOf(name: string): Record<string, string> {
  const environment = services[name]?.environment ?? {};
  return Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value)]));
}

/** The keys that a process looks for. */
function keysReadBy(load: (env: NodeJS.ProcessEnv) => unknown, env: Readonly<Record<string, string>>): string[] {
  const keys = new Set<string>();
  load(
    new Proxy(env, {
      get: (target, key) => {
        if (typeof key === 'string' && !key.endsWith('_FILE')) keys.add(key);
        return Reflect.get(target, key) as unknown;
      },
    }),
  );
  return [...keys].sort();
}

const processes = {
  api: loadApiConfig,
  worker: loadWorkerConfig,
  migrate: loadMigrateConfig,
  config: loadConfigurationFileConfig,
};
const isJob = (service: Service): boolean => service.restart === 'no';

describe('docker-compose.yml', () => {
  function lint(file: object): string[] {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-compose-'));
    try {
      const path = join(folder, 'docker-compose.yml');
      writeFileSync(path, JSON.stringify(file));
      // Rules about order and quotes are a matter of taste.
      const ordering = ['service-keys-order', 'services-alphabetical-order', 'top-level-properties-order'];
      const off = [
        ...ordering,
        'service-dependencies-alphabetical-order',
        'no-quotes-in-volumes',
        'require-quotes-in-ports',
      ];
      const rules = Object.fromEntries(off.map((rule) => [rule, 0 as const]));
      const linter = new DCLinter({ rules, quiet: true, debug: false, exclude: [] });
      const results: readonly { readonly messages: readonly LintMessage[] }[] = linter.lintFiles([path], false);
      return results.flatMap(({ messages }) => messages.map(({ rule, message }) => `${rule}: ${message}`));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it('is valid by the schema of the compose specification', () => {
    const file = compose(required);
    expect(lint(file)).toEqual([]);
    const misspelt = { ...file.services.api, stop_grace_time: '15s' };
    expect(lint({ ...file, services: { ...file.services, api: misspelt } }).join()).toContain('invalid-schema');
  });

  it('asks for what has no safe default, and holds no secret', () => {
    for (const name of Object.keys(required)) {
      expect(() => compose({ ...required, [name]: '' })).toThrow(`${name}: set ${name} in .env`);
    }
    const literals = [...composeText.matchAll(/^ +(\w*(?:PASSWORD|PWD|SECRET|TOKEN|KEYS?)): *(.*)$/gm)];
    expect(literals.length).toBeGreaterThan(0);
    for (const [, , value] of literals) expect(value).toMatch(/^\$\{\w+:(?:\?[^}]+|-)\}$/);
    expect(composeText).not.toMatch(/:\/\/[^@\s]+:(?!\$\{)[^@\s]*@/);
  });

  it.each(['api', 'worker', 'migrate', 'config'] as const)('gives %s everything that it can be told', (name) => {
    // Temporal is another container on a network of its own, reached without TLS. Nothing is a demonstration.
    const notUsed = /^(TEMPORAL_(TLS|API_KEY)|DEMO_PORTAL)/;
    const env = environmentOf(name);
    const readKeys = keysReadBy(processes[name], env).filter((key) => !notUsed.test(key));
    expect(Object.keys(env).sort()).toEqual(readKeys);
  });

  it('runs and mounts only files that exist', () => {
    for (const [name, { entrypoint = [], command: words = [], volumes: mounts = [] }] of entries) {
      const command = [...entrypoint, ...words];
      const targets = mounts.map((mount) => mount.split(':')).filter(([source]) => source?.startsWith('./'));
      for (const [source = '', , mode] of targets) {
        expect([name, existsSync(join(root, source)), mode]).toEqual([name, true, 'ro']);
      }
      const file = command.slice(1).find((word) => !word.startsWith('-')) ?? '';
      if (command[0] === 'node') expect([file, existsSync(join(root, file))]).toEqual([file, true]);
      if (command[0] === 'sh') expect(targets.map(([, target]) => target)).toContain(file);
      for (const [source = ''] of mounts.map((mount) => mount.split(':'))) {
        if (!source.startsWith('./')) expect(Object.keys(volumes)).toContain(source);
      }
    }
  });

  it('mounts scripts that a shell can read', async () => {
    for (const script of ['temporal-schema.sh', 'temporal-namespace.sh']) {
      await expect(run('sh', ['-n', join(root, 'dev/docker', script)])).resolves.toBeDefined();
    }
  });

  it.each(entries)('leaves %s no right that it does not need', (_name, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    for (const mount of service.tmpfs) expect(mount).toMatch(/^\/(tmp|run\/postgresql):size=\d+m$/);
    expect(service).not.toHaveProperty('privileged');
    expect(service).not.toHaveProperty('cap_add');
    expect(service.user ?? '').not.toMatch(/^(root|0)\b/);
  });

  it('publishes the API and, on loopback only, the pages of Temporal', () => {
    const published = entries.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`));
    expect(published).toEqual(['api 127.0.0.1:8080:8080', 'temporal-ui 127.0.0.1:8233:8080']);
    expect(composeText).toMatch(/'127\.0\.0\.1:\$\{TEMPORAL_UI_PORT:-8233\}:8080'/);
  });

  it('keeps databases and Temporal where nothing leads out', () => {
    for (const name of ['postgres', 'temporal-postgres', 'temporal', 'migrate', 'config']) {
      for (const network of services[name]?.networks ?? []) expect(networks[network]?.internal).toBe(true);
    }
    expect(services['temporal-postgres']?.networks).not.toContain('database');
    expect(services.worker?.networks).toContain('outbound');
    for (const [, service] of entries) {
      for (const network of service.networks) expect(Object.keys(networks)).toContain(network);
    }
  });

  it('starts by itself everything but the command of an operator', () => {
    const byHand = entries.filter(([, { profiles }]) => profiles !== undefined).map(([name]) => name);
    expect(byHand).toEqual(['config']);
  });

  it('waits for what can be waited for', () => {
    for (const [, { depends_on: dependencies = {} }] of entries) {
      for (const [name, { condition }] of Object.entries(dependencies)) {
        const dependency = services[name] as Service;
        if (isJob(dependency)) expect(condition).toBe('service_completed_successfully');
        else expect([condition, dependency.healthcheck !== undefined]).toEqual(['service_healthy', true]);
      }
    }
  });

  it.each(['api', 'worker'])('gives %s longer to stop than it gives itself', (name) => {
    const [, deadlineMs = ''] = /closeOnSignal\([\s\S]*?\],\s*([\d_]+),?\s*\);/.exec(read(`${name}/main.ts`)) ?? [];
    const graceSeconds = Number(/^(\d+)s$/.exec(services[name]?.stop_grace_period ?? '')?.[1]);
    expect(graceSeconds * 1_000).toBeGreaterThan(Number(deadlineMs.replaceAll('_', '')));
  });

  it('pins every image, its own to the version of the package', () => {
    for (const [name, { image }] of entries) expect([name, image]).toEqual([name, expect.stringMatching(/:\d+\.\d+/)]);
    for (const name of ['api', 'worker', 'migrate', 'config']) {
      expect(services[name]?.image).toBe(`countersign:${manifest.version}`);
    }
    expect(services['temporal-schema']?.image.split(':')[1]).toBe(services.temporal?.image.split(':')[1]);
  });

  it('calls the API healthy when it says that it is ready', async () => {
    let status = 200;
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/readyz' ? status : 404;
      response.end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const [, , flag = '', script = ''] = services.api?.healthcheck?.test ?? [];
    const here = script.replace(':8080', `:${(server.address() as AddressInfo).port}`);
    await expect(run(process.execPath, [flag, here])).resolves.toBeDefined();
    status = 503;
    await expect(run(process.execPath, [flag, here])).rejects.toMatchObject({ code: 1 });
    await new Promise((resolve) => server.close(resolve));
    await expect(run(process.execPath, [flag, here])).rejects.toMatchObject({ code: 1 });
  });
});

describe('.env.example', () => {
  const [shared = '', composeOnly = ''] = example.split('# ---- Docker Compose only');
  const linesOf = (text: string): RegExpExecArray[] => [...text.matchAll(/^(#?)([A-Z][A-Z0-9_]*)=(.*)$/gm)];
  const namesOf = (text: string): string[] => linesOf(text).map(([, , name = '']) => name);
  const defaults = Object.fromEntries(linesOf(example).flatMap(([, off, name, value]) => (off ? [[name, value]] : [])));
  const used = new Set([...composeText.matchAll(/\$\{([A-Z0-9_]+)/g)].map(([, name = '']) => name));

  it('names every configuration key, and of Docker Compose what the file asks for besides', () => {
    expect(namesOf(shared).sort()).toEqual([...CONFIGURATION_KEYS].sort());
    const besides = [...used].filter((name) => !CONFIGURATION_KEYS.includes(name));
    expect(namesOf(composeOnly).sort()).toEqual(besides.sort());
  });

  it('explains each in the lines above it', () => {
    const lines = example.split('\n');
    const unexplained = lines.filter((line, index) => /^#?[A-Z]/.test(line) && !lines[index - 1]?.startsWith('# '));
    expect(unexplained).toEqual([]);
  });

  it('shows the defaults that hold', () => {
    for (const name of ['api', 'worker'] as const) {
      const env = Object.fromEntries(Object.entries(environmentOf(name)).filter(([key]) => !(key in defaults)));
      const { ENCRYPTION_KEYS: _keys, ...plain } = processes[name](env);
      expect(processes[name]({ ...env, ...defaults })).toMatchObject(plain);
    }
    for (const [, name = '', value] of composeText.matchAll(/\$\{([A-Z0-9_]+):-([^}]+)\}/g)) {
      expect([name, defaults[name]]).toEqual([name, value]);
    }
  });

  it('tells the bounds that hold', () => {
    const codec = { CODEC_TOKEN: 'x'.repeat(32), CODEC_ORIGINS: 'https://temporal.example.com' };
    const accepts = (env: Record<string, string>): boolean => {
      try {
        loadApiConfig({ ...environmentOf('worker'), ...environmentOf('api'), ...env });
        loadWorkerConfig({ ...environmentOf('api'), ...environmentOf('worker'), ...env });
        loadCodecConfig({ ...environmentOf('api'), ...codec, ...env });
        return true;
      } catch {
        return false;
      }
    };
    const bounded = [...shared.matchAll(/ (\d+) to (\d+)\b.*\n#?([A-Z_]+)=/g)];
    expect(bounded.length).toBeGreaterThan(5);
    for (const [, least, most, name = ''] of bounded) {
      const values = [Number(least) - 1, Number(least), Number(most), Number(most) + 1];
      expect([name, ...values.map((value) => accepts({ [name]: String(value) }))]).toEqual([
        name,
        false,
        true,
        true,
        false,
      ]);
    }
  });

  it('comments out nothing that must be given', () => {
    const must = linesOf(shared).flatMap(([, off, name = '']) => (off ? [] : [name]));
    const all = { ...environmentOf('worker'), ...environmentOf('api') };
    for (const name of CONFIGURATION_KEYS) {
      const env = { ...all, [name]: '' };
      const refuses = [loadApiConfig, loadWorkerConfig].some((load) => {
        try {
          load(env);
          return false;
        } catch {
          return true;
        }
      });
      expect([name, refuses]).toEqual([name, must.includes(name)]);
    }
  });
});
