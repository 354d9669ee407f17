import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { type Running, type StartedChild, type StopStep, startChild } from './child-process.ts';
import { pathsIn, prepareDataFolder } from './data-folder.ts';
import { claimPort } from './free-port.ts';
import { commandLineOf, endLeftover } from './leftover-process.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { POSTGRES_ENVIRONMENT, POSTGRES_USER, preparePostgresCluster } from './postgres-cluster.ts';
import { whoRuns } from './run-as.ts';
import { EndOfWait, waitUntil } from './wait-until.ts';

const START_DEADLINE_MS = 30_000;
const CONNECT_DEADLINE_MS = 2_000;
const QUERY_DEADLINE_MS = 15_000;
const DATABASE = 'countersign';

/** Fast shutdown: sessions are cut, nothing is lost. Then immediate, which costs a recovery at the next start. */
const STOP_STEPS: readonly StopStep[] = [
  { signal: 'SIGINT', withinMs: 15_000 },
  { signal: 'SIGQUIT', withinMs: 5_000 },
  { signal: 'SIGKILL', withinMs: 5_000 },
];

/** Where it keeps its data, and where it listens. */
export interface StartPostgresOptions {
  /** Folder that keeps the database (below `postgres/`), its password and its log. */
  readonly dataDir: string;
  /** Port on loopback; without it any free one. */
  readonly port?: number;
  /** Gives up the start; nothing is left running then. */
  readonly signal?: AbortSignal;
}

/** A PostgreSQL that accepts connections. */
export interface RunningPostgres extends Running {
  readonly port: number;
  /** Of the database `countersign`, password included. */
  readonly connectionString: string;
}

/**
 * Starts PostgreSQL on loopback and resolves when the database `countersign` can be used. Data stay when it is stopped.
 * One that an earlier run left behind on the same folder is stopped first. Throws after 30 s; the log is in `logs/`.
 */
export async function startPostgres({ dataDir: given, port, signal }: StartPostgresOptions): Promise<RunningPostgres> {
  prepareDataFolder(given);
  const dataDir = realpathSync(given);
  const cluster = pathsIn(dataDir).postgres;
  const claim = port === undefined ? await claimPort() : undefined;
  try {
    const binaries = findPostgresBinaries();
    const runAs = await whoRuns(binaries.postgres, cluster);
    await endLeftoverPostgres(dataDir);
    const password = await preparePostgresCluster(dataDir, binaries, runAs, signal);
    const listenPort = port ?? (claim?.port as number);
    const settings = {
      listen_addresses: '127.0.0.1',
      port: listenPort,
      unix_socket_directories: '',
      max_connections: 100,
      shared_buffers: '128MB',
    };
    const child = await startChild({
      ...runAs.command(binaries.postgres, [
        '-D',
        cluster,
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ]),
      env: POSTGRES_ENVIRONMENT,
      cwd: '/',
      logFile: pathsIn(dataDir).log('postgres'),
      stopSteps: STOP_STEPS,
    });
    const address = `postgres://${POSTGRES_USER}:${password}@127.0.0.1:${listenPort}`;
    try {
      await prepareDatabase(child, address, cluster, signal);
    } catch (error) {
      await child.stop();
      throw new Error(`PostgreSQL did not start; see ${pathsIn(dataDir).log('postgres')}`, { cause: error });
    }
    return {
      pid: child.pid,
      exited: child.exited,
      stop: () => child.stop(),
      port: listenPort,
      connectionString: `${address}/${DATABASE}`,
    };
  } finally {
    await claim?.release();
  }
}

async function prepareDatabase(
  child: StartedChild,
  address: string,
  cluster: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const attempt = async (): Promise<boolean> => {
    if (child.exit()) throw new EndOfWait('it ended');
    const client = new Client({
      connectionString: `${address}/postgres`,
      connectionTimeoutMillis: CONNECT_DEADLINE_MS,
      query_timeout: QUERY_DEADLINE_MS,
    });
    // A server that dies under an idle client tells it by this event; the exit of the child says enough.
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query("select current_setting('data_directory') as directory");
      if (rows[0]?.directory !== cluster) throw new Error('another PostgreSQL answers on this port');
      const existing = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
      if (existing.rowCount === 0) await client.query(`create database ${DATABASE}`);
      return true;
    } finally {
      await client.end();
    }
  };
  await waitUntil(attempt, { what: 'the start', withinMs: START_DEADLINE_MS, pollMs: 50, signal });
}

/**
 * Stops what an earlier run left behind in this folder; returns whether there was something. PostgreSQL writes its process
 * id itself; that alone says little, as ids are given anew.
 */
export async function endLeftoverPostgres(dataDir: string): Promise<boolean> {
  const cluster = pathsIn(realpathSync(dataDir)).postgres;
  const pidFile = join(cluster, 'postmaster.pid');
  if (!existsSync(pidFile)) return false;
  const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
  if (!(pid > 0)) return false;
  const found = await endLeftover(pid, ['postgres', `-D ${cluster} `], STOP_STEPS);
  // PostgreSQL takes any living process of this id for itself and would refuse to start, even one that waits for burial.
  if (existsSync(pidFile) && (await isIdInUse(pid))) rmSync(pidFile);
  return found;
}

async function isIdInUse(pid: number): Promise<boolean> {
  if ((await commandLineOf(pid)) !== undefined) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
