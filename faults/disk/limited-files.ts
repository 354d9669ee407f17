import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Disk } from './disk.ts';

const run = promisify(execFile);
const COMMAND_DEADLINE_MS = 10_000;

/**
 * For those who may mount nothing: a limit of nothing on the size of files (RLIMIT_FSIZE) of running processes, whose
 * every write to a file fails from then on. Throws where there is no `prlimit`, which is Linux's.
 */
export async function createLimitedFiles(): Promise<Disk> {
  await run('prlimit', ['--version'], { timeout: COMMAND_DEADLINE_MS });
  return {
    way: 'nobody may mount here: PostgreSQL and Temporal get a limit of nothing on the size of files',
    async fill(pids) {
      await limit(pids, '0');
      return () => limit(pids, 'unlimited');
    },
  };
}

/** Of each process and of those that it has started; later ones inherit it. */
async function limit(pids: readonly number[], size: '0' | 'unlimited'): Promise<void> {
  for (const pid of pids.flatMap((it) => [it, ...childrenOf(it)])) {
    const owner = ownerOf(pid);
    if (!owner) continue;
    // The soft limit alone, which its owner may raise again; an owner who is not root needs no rights to.
    await run('prlimit', ['--pid', String(pid), `--fsize=${size}:`], { ...owner, timeout: COMMAND_DEADLINE_MS }).catch(
      (error) => {
        if (ownerOf(pid)) throw error;
      },
    );
  }
}

function childrenOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return children.trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return []; // it has ended
  }
}

/** Undefined when it has ended. */
function ownerOf(pid: number): { readonly uid: number; readonly gid: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const idIn = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
    return { uid: idIn('Uid'), gid: idIn('Gid') };
  } catch {
    return undefined;
  }
}
