import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const OWN = ['api', 'worker', 'bare-worker'] as const;
const PS_DEADLINE_MS = 5_000;

/**
 * The most memory, in bytes, that a process had resident so far. Where the system does not keep the peak (no /proc) it is
 * what it has now: the caller asks again and again, and keeps the most.
 */
export async function readPeakMemory(pid: number): Promise<number> {
  return process.platform === 'linux'
    ? kibibytesIn(await readFile(`/proc/${pid}/status`, 'utf8'), /^VmHWM:\s+(\d+) kB$/m)
    : readResidentMemory(pid);
}

/** The memory, in bytes, that a process has resident now. Of PostgreSQL it is the first process alone. */
export async function readResidentMemory(pid: number): Promise<number> {
  if (process.platform === 'linux') {
    return kibibytesIn(await readFile(`/proc/${pid}/status`, 'utf8'), /^VmRSS:\s+(\d+) kB$/m);
  }
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)], { timeout: PS_DEADLINE_MS });
  return kibibytesIn(stdout, /^\s*(\d+)\s*$/);
}

/** The peaks of Countersign's own processes, of those that are there. */
export async function readPeaks(pids: Readonly<Record<string, number>>): Promise<Readonly<Record<string, number>>> {
  const own = OWN.flatMap((name) => {
    const pid = pids[name];
    return pid === undefined ? [] : [[name, pid] as const];
  });
  return Object.fromEntries(await Promise.all(own.map(async ([name, pid]) => [name, await readPeakMemory(pid)])));
}

function kibibytesIn(text: string, pattern: RegExp): number {
  const kibibytes = Number(pattern.exec(text)?.[1]);
  if (!(kibibytes > 0)) throw new Error('the memory of a process can not be read');
  return kibibytes * 1_024;
}
