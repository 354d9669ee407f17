import type { HistoryCost } from './history-cost.ts';
import type { Percentiles } from './percentiles.ts';
import type { Surroundings } from './surroundings.ts';

/** Beyond this others are a good part of what is measured. */
const OTHERS_MATTER = 0.2;

/** What figures depend on, in one line. */
export function describePlace({ machine, versions, servers }: Surroundings): string {
  return (
    `Countersign ${versions.countersign} on ${machine.processors} × ${machine.processor}, ` +
    `${mebibytes(machine.memoryBytes)}, ${machine.system}; Node ${versions.node}, ` +
    `Temporal ${versions.temporal} (${servers.temporal}), SDK ${versions.temporalSdk}, ` +
    `PostgreSQL ${versions.postgres} (${servers.postgres})`
  );
}

/** For instance `12 / 30 / 41`. */
export function describePercentiles({ p50, p95, p99 }: Percentiles): string {
  return [p50, p95, p99].map((ms) => ms.toFixed(0)).join(' / ');
}

export function describeHistory({ events, workflowTasks, bytes, stateTransitions, cloudActions }: HistoryCost): string {
  return (
    `${events} history events, ${workflowTasks} workflow tasks, ${bytes} history bytes, ${stateTransitions} state transitions, ` +
    `${cloudActions} Temporal Cloud actions`
  );
}

/** For instance `api 9.1, worker 20.4`: processor time in ms, those that used none left out. */
export function describeParts(parts: Readonly<Record<string, number>>): string {
  return Object.entries(parts)
    .filter(([, ms]) => ms >= 0.05)
    .map(([name, ms]) => `${name} ${ms.toFixed(1)}`)
    .join(', ');
}

export function totalOf(parts: Readonly<Record<string, number>>): number {
  return Object.values(parts).reduce((sum, ms) => sum + ms, 0);
}

/** Of each measurement, the processors that others used; tells nothing where they hardly did. */
export function describeOthers(othersBusy: readonly number[]): string[] {
  const most = Math.max(0, ...othersBusy);
  if (most < OTHERS_MATTER) return [];
  return [
    `Others used up to ${most.toFixed(1)} processors of the machine meanwhile: times are longer than they need be.`,
  ];
}

export function describePeaks(bytesByName: Readonly<Record<string, number>>): string {
  const parts = Object.entries(bytesByName).map(([name, bytes]) => `${name} ${mebibytes(bytes)}`);
  return `Peak resident memory: ${parts.join(', ')}.`;
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1_024 ** 2).toFixed(0)} MiB`;
}
