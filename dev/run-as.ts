import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { StartError } from './start-error.ts';

const run = promisify(execFile);

/** Who a program runs as, and how it gets there. */
export interface RunAs {
  /** Owner that its files need; undefined for the present user. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  /** The command to spawn in place of the program itself. */
  command(
    program: string,
    args: readonly string[],
  ): {
    readonly command: string;
    readonly args: readonly string[];
    readonly uid?: number;
    readonly gid?: number;
  };
}

const AS_OURSELVES: RunAs = { owner: undefined, command: (command, args) => ({ command, args }) };

/**
 * For a program that refuses to run as root: another user when we are root, ourselves otherwise. The user is the owner
 * of `directory` where there is one, else `nobody`. Throws when no way is found in which it can run the program and reach
 * the place of `directory`.
 */
export async function whoRuns(program: string, directory: string): Promise<RunAs> {
  if (process.getuid?.() !== 0) return AS_OURSELVES;
  const owner = ownerOf(directory) ?? (await nobody());
  for (const candidate of [withAccess(owner), plainly(owner)]) {
    if (await works(candidate, program, dirname(directory))) return candidate;
  }
  throw new StartError(
    `${program} refuses to run as root, and the user with id ${owner.uid} can not run it here. ` +
      'Start as an ordinary user, or set DATABASE_URL to a PostgreSQL of yours.',
  );
}

type Owner = NonNullable<RunAs['owner']>;

/** Keeps, of all that root may do, the right to pass through folders that are closed to others. */
function withAccess(owner: Owner): RunAs {
  const flags = [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups'];
  // Without the securebit the right would not count where a program asks first whether it may, as initdb does.
  const rights = ['--securebits=+no_setuid_fixup', '--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return {
    owner,
    command: (program, args) => ({ command: 'setpriv', args: [...flags, ...rights, '--', program, ...args] }),
  };
}

function plainly(owner: Owner): RunAs {
  return { owner, command: (command, args) => ({ command, args, ...owner }) };
}

async function works(candidate: RunAs, program: string, place: string): Promise<boolean> {
  const script = 'cd "$1" && exec "$0" --version';
  const { command, args, ...owner } = candidate.command('/bin/sh', ['-c', script, program, place]);
  try {
    await run(command, args, { ...owner, cwd: '/', timeout: 10_000 });
    return true;
  } catch {
    return false; // no setpriv, no such right, or a closed folder: the next way is tried
  }
}

function ownerOf(directory: string): Owner | undefined {
  const stat = statSync(directory, { throwIfNoEntry: false });
  return stat && stat.uid !== 0 ? { uid: stat.uid, gid: stat.gid } : undefined;
}

async function nobody(): Promise<Owner> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'nobody'], { timeout: 5_000 })).stdout)),
  );
  return { uid: uid as number, gid: gid as number };
}
