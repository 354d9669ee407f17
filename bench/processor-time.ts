import { readdir, readFile } from 'node:fs/promises';

/** Linux counts in these whatever its kernel was built with. */
const TICKS_PER_SECOND = 100;

// Positions in /proc/<pid>/stat, counted from the field after the name.
const PARENT = 1;
const USED = [11, 12] as const;
const USED_BY_ENDED_CHILDREN = [13, 14] as const;

// Positions in the first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal.
const MACHINE_FIELDS = 8;
const MACHINE_IDLE: readonly number[] = [3, 4];

/**
 * Processor time, in ms, that each of these processes and its children has used so far. Empty where the system has no
 * /proc. Throws when a process is gone.
 */
export async function readProcessorTimes(pids: Readonly<Record<string, number>>): Promise<Record<string, number>> {
  if (process.platform !== 'linux') return {};
  const fieldsByPid = await readAllStats();
  const times: Record<string, number> = {};
  for (const [name, pid] of Object.entries(pids)) {
    const own = fieldsByPid.get(pid);
    if (!own) throw new Error(`the process of ${name} is gone`);
    const children = [...fieldsByPid.values()].filter((fields) => Number(fields[PARENT]) === pid);
    const ticks = [own, ...children].flatMap((fields) => USED.map((field) => Number(fields[field])));
    ticks.push(...USED_BY_ENDED_CHILDREN.map((field) => Number(own[field])));
    times[name] = (ticks.reduce((sum, value) => sum + value, 0) * 1_000) / TICKS_PER_SECOND;
  }
  return times;
}

/** Processor time, in ms, that everything on this machine has used so far. Undefined where the system has no /proc. */
export async function readMachineTime(): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const [, ...fields] = (await readFile('/proc/stat', 'utf8')).split('\n', 1)[0]?.trim().split(/\s+/) ?? [];
  const ticks = fields.slice(0, MACHINE_FIELDS).map(Number);
  const busy = ticks.filter((_, index) => !MACHINE_IDLE.includes(index));
  return (busy.reduce((sum, value) => sum + value, 0) * 1_000) / TICKS_PER_SECOND;
}

async function readAllStats(): Promise<ReadonlyMap<number, readonly string[]>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map(async (pid) => [Number(pid), await readStat(pid)] as const));
  return new Map(stats.filter((entry): entry is readonly [number, readonly string[]] => entry[1] !== undefined));
}

/** Undefined when the process has ended meanwhile. */
async function readStat(pid: string): Promise<readonly string[] | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name stands in parentheses and may hold any character.
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
