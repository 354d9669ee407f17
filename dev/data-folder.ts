import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository: where `npm start` was given. */
export const REPOSITORY_ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The folder that holds everything `npm start` keeps: `COUNTERSIGN_DATA`, or `.data` beside `package.json`. */
export function dataFolderOf(env: NodeJS.ProcessEnv): string {
  return resolve(REPOSITORY_ROOT, env.COUNTERSIGN_DATA || '.data');
}

/** Where what is kept lies below the data folder. */
export function pathsIn(dataDir: string) {
  const at = (...parts: string[]): string => join(dataDir, ...parts);
  return {
    lock: at('lock'),
    demo: at('demo.json'),
    postgres: at('postgres'),
    postgresPassword: at('postgres.password'),
    encryptionKey: at('encryption.key'),
    clientSecret: at('demo-client.secret'),
    verifierSecret: at('demo-verifier.secret'),
    operator: at('demo-operator.json'),
    serviceAccount: at('fcm-service-account.json'),
    twilioAccount: at('twilio-account.json'),
    apnsIdentity: at('apns-identity.json'),
    temporalDatabase: (version: string): string => at(`temporal-${version}.db`),
    logs: at('logs'),
    log: (name: string): string => at('logs', `${name}.log`),
    pid: (name: string): string => at(`${name}.pid`),
  } as const;
}

/** Creates the folder, closed to other users; one that is there stays as it is. */
export function prepareDataFolder(dataDir: string): void {
  mkdirSync(pathsIn(dataDir).logs, { recursive: true, mode: 0o700 });
}

/** Ids of the processes that `npm start` runs. */
export interface DemoPids {
  readonly supervisor: number | null;
  readonly api: number | null;
  readonly worker: number | null;
  /** Null where the installation's own server is used (`DATABASE_URL`, `TEMPORAL_ADDRESS`). */
  readonly postgres: number | null;
  readonly temporal: number | null;
  readonly simulator: number | null;
  readonly twilio: number | null;
  readonly apns: number | null;
}

/** What stands in `demo.json` before the start and after the end. */
export const NOTHING_RUNS: DemoPids = {
  supervisor: null,
  api: null,
  worker: null,
  postgres: null,
  temporal: null,
  simulator: null,
  twilio: null,
  apns: null,
};

/** Ports that were used last: the next start in this folder prefers them, so that addresses stay the same. */
export interface DemoPorts {
  readonly api: number;
  readonly simulator: number;
  readonly twilio: number;
  readonly codec: number;
  /** Of the simulated APNs: its page and remote control. */
  readonly apns: number;
  readonly apnsProduction: number;
  readonly apnsDevelopment: number;
  readonly verifier: number;
  readonly temporal: number;
  readonly temporalUi: number;
  readonly postgres: number;
}

/** `demo.json`: how the demonstration's commands, and scripts, find what runs. */
export interface DemoFile {
  /** Address of the API, without a slash at its end. */
  readonly api: string;
  readonly temporal: {
    readonly address: string;
    readonly namespace: string;
    readonly taskQueue: string;
    /** Null where the server is not ours. */
    readonly ui: string | null;
  };
  /** Connection string, password included. */
  readonly database: string;
  /** Address of the simulated FCM. */
  readonly fcm: string;
  /** Address of the simulated Twilio; its page shows what was sent. */
  readonly twilio: string;
  /** Address of the simulated APNs, of its page and remote control. */
  readonly apns: string;
  /** Address of the codec endpoint of the Temporal UI; null where the server is not ours. */
  readonly codec: string | null;
  readonly client: { readonly id: string; readonly secret: string };
  /** Who may log in to the console, which is at `/console` of the API. */
  readonly operator: { readonly name: string; readonly password: string };
  readonly types: readonly string[];
  readonly application: string;
  /** All null while nothing runs. */
  readonly pids: DemoPids;
  readonly ports: DemoPorts;
}

/** Undefined when nothing has been started in this folder yet. Throws when the file can not be read. */
export function readDemoFile(dataDir: string): DemoFile | undefined {
  let text: string;
  try {
    text = readFileSync(pathsIn(dataDir).demo, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return JSON.parse(text) as DemoFile;
}

/** Replaces `demo.json`; it holds secrets and is for this user alone. */
export function writeDemoFile(dataDir: string, demo: DemoFile): void {
  replaceFile(pathsIn(dataDir).demo, `${JSON.stringify(demo, null, 2)}\n`);
}

/** Writes a file for this user alone. Readers see the old content or the new, never half of one. */
export function replaceFile(path: string, content: string): void {
  const fresh = `${path}.new`;
  writeFileSync(fresh, content, { mode: 0o600, flush: true });
  renameSync(fresh, path);
}
