import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathsIn } from './data-folder.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import type { RunAs } from './run-as.ts';
import { runToEnd } from './run-to-end.ts';
import { keepSecret } from './secret-file.ts';
import { StartError } from './start-error.ts';

const INITDB_DEADLINE_MS = 60_000;

/** Superuser, and owner, of the embedded database. */
export const POSTGRES_USER = 'countersign';

/**
 * Makes the files of an empty PostgreSQL the first time. Made aside and then renamed: a start that is killed here leaves
 * no half-made one behind. Returns the password of {@link POSTGRES_USER}.
 */
export async function preparePostgresCluster(
  dataDir: string,
  { initdb }: PostgresBinaries,
  runAs: RunAs,
  signal?: AbortSignal,
): Promise<string> {
  const { postgres: cluster, postgresPassword } = pathsIn(dataDir);
  if (existsSync(cluster)) {
    if (existsSync(postgresPassword)) return readFileSync(postgresPassword, 'utf8').trim();
    throw new StartError(
      `${postgresPassword} is gone, so nobody can log in to ${cluster}. Put it back, or remove both.`,
    );
  }
  const password = keepSecret(postgresPassword, () => randomBytes(24).toString('base64url'));
  removeHalfMade(cluster);
  const fresh = `${cluster}.new-${process.pid}`;
  const files = join(fresh, 'data');
  const passwordFile = join(fresh, 'password');
  mkdirSync(files, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (runAs.owner) for (const path of [fresh, files, passwordFile]) chownSync(path, runAs.owner.uid, runAs.owner.gid);
  try {
    await runToEnd({
      ...runAs.command(initdb, [
        `--pgdata=${files}`,
        `--username=${POSTGRES_USER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
      ]),
      env: POSTGRES_ENVIRONMENT,
      cwd: '/',
      logFile: pathsIn(dataDir).log('postgres'),
      withinMs: INITDB_DEADLINE_MS,
      signal,
    });
    renameSync(files, cluster);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return password;
}

/** Nothing of ours: `PGDATA`, `PGPORT` or a locale of the caller would change what is started. */
export const POSTGRES_ENVIRONMENT: NodeJS.ProcessEnv = { PATH: process.env.PATH, LC_ALL: 'C' };

function removeHalfMade(cluster: string): void {
  for (const name of readdirSync(dirname(cluster))) {
    if (name.startsWith(`${basename(cluster)}.new-`)) rmSync(join(dirname(cluster), name), { recursive: true });
  }
}
