import { createRandom } from '../../faults/random.ts';
import { type Percentiles, percentilesOf } from '../percentiles.ts';
import { createEventQueue } from './event-queue.ts';

/** One piece of work that a transaction needs. */
export interface Visit {
  /** Who does it; a name without processors is somebody else's, who never keeps anyone waiting. */
  readonly station: string;
  /** Processor time that the transaction waits for, on average. */
  readonly meanMs: number;
  /** Processor time that follows it without being waited for, on average. */
  readonly meanBesideMs: number;
}

export interface SizeModel {
  /** Processors of each station. */
  readonly processors: Readonly<Record<string, number>>;
  /** In order, one after the other. */
  readonly visits: readonly Visit[];
  /** Time that needs no processor: disks and networks. */
  readonly delayMs: number;
}

export interface SimulateOptions {
  readonly arrivalsMs: readonly number[];
  readonly seed: number;
}

export interface Simulated {
  /** Of each station, from the first arrival to the last: 0 to 1. */
  readonly utilisation: Readonly<Record<string, number>>;
  /** Of one transaction, for processors, in ms. */
  readonly wait: Percentiles;
  /** Of one transaction, in ms. */
  readonly total: Percentiles;
}

interface Job {
  readonly station: string;
  readonly serviceMs: number;
  readonly readyAtMs: number;
  /** Absent for what nobody waits for. */
  readonly onward?: { readonly transaction: Transaction; readonly visit: number };
}

type Happening = { readonly ready: Job } | { readonly done: Job } | { readonly arrival: number };

interface Transaction {
  readonly arrivedAtMs: number;
  waitedMs: number;
}

interface Line {
  free: number;
  busyMs: number;
  readonly jobs: Job[];
  /** Of the jobs: how many have begun. */
  next: number;
}

/**
 * Lets transactions arrive and be worked on: each station serves in the order of coming, with as many at once as it has
 * processors. Times of service are drawn from an exponential distribution, which scatters more than real work does. Throws
 * where nothing arrives.
 */
export function simulate(model: SizeModel, { arrivalsMs, seed }: SimulateOptions): Simulated {
  const random = createRandom(seed);
  const draw = (meanMs: number): number => -Math.log(1 - random.next()) * meanMs;
  const lines = new Map<string, Line>(
    Object.entries(model.processors).map(([name, free]) => [name, { free, busyMs: 0, jobs: [], next: 0 }]),
  );
  const queue = createEventQueue<Happening>();
  const waits: number[] = [];
  const totals: number[] = [];
  const endMs = arrivalsMs.at(-1) ?? 0;

  function goTo(transaction: Transaction, visit: number, atMs: number): void {
    const next = model.visits[visit];
    if (!next) {
      waits.push(transaction.waitedMs);
      totals.push(atMs - transaction.arrivedAtMs + model.delayMs);
      return;
    }
    const job = { station: next.station, serviceMs: draw(next.meanMs), readyAtMs: atMs };
    queue.put(atMs, { ready: { ...job, onward: { transaction, visit } } });
  }

  function begin(line: Line, job: Job, atMs: number): void {
    line.free -= 1;
    // What is done after the last arrival belongs to no rate.
    line.busyMs += Math.max(0, Math.min(endMs, atMs + job.serviceMs) - atMs);
    if (job.onward) job.onward.transaction.waitedMs += atMs - job.readyAtMs;
    queue.put(atMs + job.serviceMs, { done: job });
  }

  function finish(job: Job, atMs: number): void {
    const line = lines.get(job.station);
    if (line) {
      line.free += 1;
      const next = line.jobs[line.next];
      if (next) {
        line.next += 1;
        begin(line, next, atMs);
      }
    }
    if (!job.onward) return;
    const { transaction, visit } = job.onward;
    const { station, meanBesideMs } = model.visits[visit] as Visit;
    if (meanBesideMs > 0) queue.put(atMs, { ready: { station, serviceMs: draw(meanBesideMs), readyAtMs: atMs } });
    goTo(transaction, visit + 1, atMs);
  }

  function arrive(job: Job, atMs: number): void {
    const line = lines.get(job.station);
    if (!line) queue.put(atMs + job.serviceMs, { done: job });
    else if (line.free > 0) begin(line, job, atMs);
    else line.jobs.push(job);
  }

  /** One by one, so that the queue holds what is under way and not all that will ever come. */
  function awaitArrival(arrival: number): void {
    const atMs = arrivalsMs[arrival];
    if (atMs !== undefined) queue.put(atMs, { arrival });
  }

  awaitArrival(0);
  for (let next = queue.take(); next; next = queue.take()) {
    const { atMs, event } = next;
    if ('ready' in event) arrive(event.ready, atMs);
    else if ('done' in event) finish(event.done, atMs);
    else {
      goTo({ arrivedAtMs: atMs, waitedMs: 0 }, 0, atMs);
      awaitArrival(event.arrival + 1);
    }
  }
  return {
    utilisation: Object.fromEntries(
      [...lines].map(([name, { busyMs }]) => [name, busyMs / (endMs * (model.processors[name] as number))]),
    ),
    wait: percentilesOf(waits),
    total: percentilesOf(totals),
  };
}
