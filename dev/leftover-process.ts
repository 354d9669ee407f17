import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { StopStep } from './child-process.ts';
import { StartError } from './start-error.ts';

const run = promisify(execFile);
const POLL_MS = 50;

/**
 * Command line of a living process, its words parted by spaces; undefined when there is no such process, or only its
 * exit status is left.
 */
export async function commandLineOf(pid: number): Promise<string | undefined> {
  if (existsSync('/proc/self/cmdline')) {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || undefined;
    } catch (error) {
      if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw error;
    }
  }
  try {
    const { stdout } = await run('ps', ['-ww', '-o', 'stat=,command=', '-p', String(pid)], { timeout: 5_000 });
    const [, state, command] = /^\s*(\S+)\s+(.*)$/.exec(stdout) ?? [];
    return state?.startsWith('Z') ? undefined : command?.trim() || undefined;
  } catch (error) {
    // ps ends with 1 when there is no such process.
    if ((error as { code?: unknown }).code === 1) return undefined;
    throw error;
  }
}

/**
 * Ends a process that an earlier run left behind, if it still is that process: ids are given anew, so every one of
 * `marks` must stand in its command line. Returns whether there was one. Throws when it can not be ended.
 */
export async function endLeftover(pid: number, marks: readonly string[], steps: readonly StopStep[]): Promise<boolean> {
  const isIt = async (): Promise<boolean> => {
    const commandLine = await commandLineOf(pid);
    return commandLine !== undefined && marks.every((mark) => commandLine.includes(mark));
  };
  if (!(await isIt())) return false;
  for (const { signal, withinMs } of steps) {
    send(pid, signal);
    const deadlineMs = Date.now() + withinMs;
    do {
      await pause(POLL_MS);
      if (!(await isIt())) return true;
    } while (Date.now() < deadlineMs);
  }
  throw new StartError(`Process ${pid}, left by an earlier run, does not end. End it, then start again.`);
}

/** The same, for a process whose id an earlier run wrote down. */
export async function endLeftoverOf(
  pidFile: string,
  marks: readonly string[],
  steps: readonly StopStep[],
): Promise<boolean> {
  const pid = existsSync(pidFile) ? Number.parseInt(readFileSync(pidFile, 'utf8'), 10) : Number.NaN;
  const found = pid > 0 && (await endLeftover(pid, marks, steps));
  rmSync(pidFile, { force: true });
  return found;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EPERM') {
      throw new StartError(
        `Process ${pid}, left by an earlier run, belongs to another user. End it, then start again.`,
      );
    }
    if (code !== 'ESRCH') throw error;
  }
}
