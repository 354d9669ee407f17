import { readMachineTime, readProcessorTimes } from './processor-time.ts';

/** Processor time used so far, in ms. */
export interface Meters {
  /** By process; the driver is this one. */
  readonly processes: Readonly<Record<string, number>>;
  /** Of everything on the machine; absent where the system does not tell. */
  readonly machineMs?: number;
}

/** What was used between two readings. */
export interface Usage {
  /** Processor time, in ms, for one run, by process; those that had no part in it are idle here. */
  readonly processorMs: Readonly<Record<string, number>>;
  /** Share of one processor that the driver used; near 1 it may itself be what is measured. */
  readonly driverBusy: number;
  /** Processors that were used by whatever else runs on the machine, on average; figures are as noisy as this is large. */
  readonly othersBusy?: number;
}

export async function readMeters(pids: Readonly<Record<string, number>>): Promise<Meters> {
  const { user, system } = process.cpuUsage();
  const [processes, machineMs] = await Promise.all([readProcessorTimes(pids), readMachineTime()]);
  return {
    processes: { ...processes, driver: (user + system) / 1_000 },
    ...(machineMs !== undefined && { machineMs }),
  };
}

/** What was used from `before` to `after`, which lie `measuredMs` apart; `runs` ended between them. */
export function usageBetween(before: Meters, after: Meters, measuredMs: number, runs: number): Usage {
  const names = Object.keys(after.processes);
  const usedMs = (name: string): number => (after.processes[name] ?? 0) - (before.processes[name] ?? 0);
  const oursMs = names.reduce((sum, name) => sum + usedMs(name), 0);
  return {
    processorMs: Object.fromEntries(names.map((name) => [name, usedMs(name) / runs])),
    driverBusy: usedMs('driver') / measuredMs,
    ...(before.machineMs !== undefined &&
      after.machineMs !== undefined && {
        othersBusy: Math.max(0, after.machineMs - before.machineMs - oursMs) / measuredMs,
      }),
  };
}
