import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
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

function kibibytesIn(text: string, pattern: RegExp): number {
  const kibibytes = Number(pattern.exec(text)?.[1]);
  if (!(kibibytes > 0)) throw new Error('the memory of a process can not be read');
  return kibibytes * 1_024;
}
