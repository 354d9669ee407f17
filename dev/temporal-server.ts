import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Running, type StopStep, startChild } from './child-process.ts';
import { pathsIn, prepareDataFolder } from './data-folder.ts';
import { claimPort } from './free-port.ts';
import { endLeftoverOf } from './leftover-process.ts';
import { loopbackUrl } from './loopback-server.ts';
import { findTemporalBinary, type TemporalBinary } from './temporal-binary.ts';
import { waitForTemporal } from './temporal-health.ts';

const run = promisify(execFile);
const START_DEADLINE_MS = 45_000;
/** By default a task may overtake others that wait for up to 5 s: then a begin among many may wait until it is refused. */
const FIRST_COME_FIRST_SERVED = 'matching.backlogNegligibleAge="100ms"';
const STOP_STEPS: readonly StopStep[] = [
  { signal: 'SIGTERM', withinMs: 15_000 },
  { signal: 'SIGKILL', withinMs: 5_000 },
];

/** Where it keeps its data, where it listens, and with which web pages. */
export interface StartTemporalOptions {
  /** Folder that keeps the server's file, its log and its process id. */
  readonly dataDir: string;
  /** Without the web pages. */
  readonly headless: boolean;
  /** Ports on loopback; without them any free ones. */
  readonly port?: number;
  readonly uiPort?: number;
  readonly namespace?: string;
  /** Address of the endpoint where the web pages have content decrypted. */
  readonly codecEndpoint?: string;
  readonly say?: (line: string) => void;
  /** Gives up the start; nothing is left running then. */
  readonly signal?: AbortSignal;
}

/** A Temporal server whose namespace can be used. */
export interface RunningTemporal extends Running {
  readonly address: string;
  readonly namespace: string;
  /** Address of the web pages; null when headless. */
  readonly ui: string | null;
  readonly port: number;
  /** Version of the command-line tool that the server comes with. */
  readonly version: string;
}

/**
 * Starts a Temporal server on loopback and resolves when its namespace can be used. Workflows stay when it is stopped, in
 * one file for each version of the server. One that an earlier run left behind on the same file is stopped first.
 */
export async function startTemporal(options: StartTemporalOptions): Promise<RunningTemporal> {
  const { headless, signal, say, namespace = 'default' } = options;
  prepareDataFolder(options.dataDir);
  const dataDir = realpathSync(options.dataDir);
  const paths = pathsIn(dataDir);
  const claims = [
    ...(options.port === undefined ? [await claimPort()] : []),
    ...(options.uiPort === undefined && !headless ? [await claimPort()] : []),
  ];
  try {
    await endLeftoverTemporal(dataDir);
    const binary = await findTemporalBinary({ dataDir, signal, ...(say && { say }) });
    const port = options.port ?? (claims[0]?.port as number);
    const uiPort = options.uiPort ?? claims.at(-1)?.port;
    const address = `127.0.0.1:${port}`;
    const child = await startChild({
      command: binary.path,
      args: [
        ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--namespace', namespace],
        ...['--db-filename', paths.temporalDatabase(binary.version), '--log-level', 'warn'],
        ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
        ...['--dynamic-config-value', FIRST_COME_FIRST_SERVED],
        ...(headless ? ['--headless'] : await uiArguments(binary, uiPort as number, options.codecEndpoint)),
      ],
      env: withoutTemporalVariables(process.env),
      cwd: dataDir,
      logFile: paths.log('temporal'),
      pidFile: paths.pid('temporal'),
      stopSteps: STOP_STEPS,
    });
    try {
      await waitForTemporal({
        connection: { address },
        namespace,
        withinMs: START_DEADLINE_MS,
        signal,
        hasEnded: () => child.exit() !== undefined,
        namespaceMayFollow: true,
      });
    } catch (error) {
      await child.stop();
      throw new Error(`Temporal did not start; see ${paths.log('temporal')}`, { cause: error });
    }
    return {
      pid: child.pid,
      exited: child.exited,
      stop: () => child.stop(),
      address,
      namespace,
      ui: headless ? null : loopbackUrl(uiPort as number),
      port,
      version: binary.version,
    };
  } finally {
    await Promise.all(claims.map((claim) => claim.release()));
  }
}

/** Stops the server that an earlier run left behind in this folder; returns whether there was one. */
export async function endLeftoverTemporal(dataDir: string): Promise<boolean> {
  const folder = realpathSync(dataDir);
  const marks = ['server start-dev', `--db-filename ${join(folder, 'temporal-')}`];
  return await endLeftoverOf(pathsIn(folder).pid('temporal'), marks, STOP_STEPS);
}

/** They are for clients of another server (TLS, a key, a namespace), and the tool would take them for this one. */
function withoutTemporalVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

async function uiArguments(binary: TemporalBinary, uiPort: number, codecEndpoint?: string): Promise<string[]> {
  const { stdout } = await run(binary.path, ['server', 'start-dev', '--help'], { timeout: 10_000 });
  return [
    ...['--ui-port', String(uiPort)],
    ...(codecEndpoint ? ['--ui-codec-endpoint', codecEndpoint] : []),
    // Nothing on this machine calls out on its own; older tools have neither the feed nor the flag.
    ...(stdout.includes('--ui-disable-news-fetch') ? ['--ui-disable-news-fetch'] : []),
  ];
}
