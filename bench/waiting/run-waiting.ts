import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { PortalRefusal } from '../../dev/cli/failures.ts';
import { StartError } from '../../dev/start-error.ts';
import { readResidentMemory } from '../memory.ts';
import { readMeters } from '../meters.ts';
import type { WaitingOptions } from '../options.ts';
import { type Percentiles, percentilesOf } from '../percentiles.ts';
import { type Stage, setStage } from '../set-stage.ts';
import type { Place } from '../start-servers.ts';
import { describeSurroundings, type Surroundings } from '../surroundings.ts';
import { answerOnPhone } from '../whole/answer.ts';
import { begin } from '../whole/begin.ts';
import type { Phone } from '../whole/enrol-phone.ts';
import type { Begun } from '../whole/flow.ts';
import { methodOf } from '../whole/methods.ts';
import { inParallel } from './in-parallel.ts';

/** The longest life that a transaction can have. */
const LIFE_SECONDS = 600;
/** Beginning takes no longer than this, so that there is time left to answer. */
const BEGIN_WITHIN_MS = 480_000;
const TYPE = 'bench-waiting';
/** One user may have a hundred of them. */
const WAITING_OF_ONE_PHONE = 50;
const AT_ONCE = 16;
const MAX_BEGINS = 10;
const BEGIN_AGAIN_MS = 1_000;
const ANSWERED_AT_ONCE = 8;
const READINGS = 10;
/** PostgreSQL is many processes that share memory: what they have resident can not be added up. */
const READ = ['api', 'worker', 'Temporal'] as const;
const IDLE_MS = 10_000;
const CALLBACK_DEADLINE_MS = 20_000;

/** Resident memory, in bytes, while so many wait. */
export interface Reading {
  readonly waiting: number;
  readonly bytes: Readonly<Record<string, number>>;
}

export interface WaitingFindings {
  readonly surroundings: Surroundings;
  /** As the worker had it; absent where its default holds. */
  readonly maxCachedWorkflows?: string;
  readonly asked: number;
  /** How many were begun in the time there was. */
  readonly begun: number;
  readonly begunWithinMs: number;
  readonly readings: readonly Reading[];
  /** Processor time in ms for each second in which all of them only wait. */
  readonly idleMsPerSecond: Readonly<Record<string, number>>;
  /** Of the sample, which is spread evenly from the oldest to the newest. */
  readonly answered: { readonly asked: number; readonly approved: number; readonly answerMs: Percentiles };
  /** What the database says of all of them, after the sample was answered. */
  readonly statuses: Readonly<Record<string, number>>;
}

interface Waiting {
  readonly phone: Phone;
  readonly begun: Begun;
}

/** Begins that many, reads what they take, and answers some of them. Throws when a single one can not be answered. */
export async function runWaiting(
  options: WaitingOptions,
  place: Place,
  say: (line: string) => void,
): Promise<WaitingFindings> {
  const { waiting: asked, sample } = options;
  const phones = Math.ceil(asked / WAITING_OF_ONE_PHONE) + AT_ONCE;
  say(`starting servers, api and worker, and enrolling ${phones} phones`);
  const stage = await setStage({ ...place, options, equipment: { phones } });
  await stage.database('authentication_types').insert({
    ...{ name: TYPE, method: 'push', time_to_live_seconds: LIFE_SECONDS, max_resends: 0 },
    default_messages: JSON.stringify({ en: 'Is this you?' }),
  });
  const startedAtMs = performance.now();
  const readings = [await readMemory(stage, 0)];
  const all: Waiting[] = [];
  const step = Math.ceil(asked / READINGS);
  while (all.length < asked && performance.now() - startedAtMs < BEGIN_WITHIN_MS) {
    all.push(...(await beginSome(stage, all.length, Math.min(step, asked - all.length), place.signal)));
    readings.push(await readMemory(stage, all.length));
    say(`${all.length} wait, ${((performance.now() - startedAtMs) / 1_000).toFixed(0)} s after the first began`);
  }
  const begunWithinMs = performance.now() - startedAtMs;
  const idleMsPerSecond = await readIdle(stage, place.signal);
  if (all.length < sample) throw new StartError(`Only ${all.length} could be begun in time, fewer than --sample.`);
  const answerMs = await answerSample(stage, all, sample, place.signal);
  return {
    surroundings: describeSurroundings(stage),
    ...(process.env.WORKER_MAX_CACHED_WORKFLOWS && { maxCachedWorkflows: process.env.WORKER_MAX_CACHED_WORKFLOWS }),
    ...{ asked, begun: all.length, begunWithinMs, readings, idleMsPerSecond },
    answered: { asked: sample, approved: answerMs.length, answerMs: percentilesOf(answerMs) },
    statuses: await readStatuses(stage),
  };
}

/** Each phone has one after the other, never two at once. */
function beginSome({ whole }: Stage, from: number, count: number, signal: AbortSignal): Promise<readonly Waiting[]> {
  const numbers = Array.from({ length: count }, (_, index) => from + index);
  return inParallel(numbers, AT_ONCE, signal, async (number) => {
    const phone = whole.phones[number % whole.phones.length] as Phone;
    return { phone, begun: await beginPatiently(whole, phone, signal) };
  });
}

/** As a portal does that is told to try again: the same begin, a second later. */
async function beginPatiently(whole: Stage['whole'], phone: Phone, signal: AbortSignal): Promise<Begun> {
  const idempotencyKey = randomUUID();
  for (let time = 1; ; time += 1) {
    try {
      return await begin(whole, phone, 'push', { type: TYPE, idempotencyKey });
    } catch (error) {
      if (!(error instanceof PortalRefusal) || error.status !== 503 || time === MAX_BEGINS) throw error;
      await pause(BEGIN_AGAIN_MS, undefined, { signal });
    }
  }
}

/** Their answer times in ms. The oldest is among them, which the worker has long forgotten when its memory is bounded. */
async function answerSample(
  { whole }: Stage,
  all: readonly Waiting[],
  sample: number,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const chosen = Array.from(
    { length: sample },
    (_, index) => all[Math.floor((index * all.length) / sample)] as Waiting,
  );
  // A phone has one stopwatch, so those of one phone are answered one after the other.
  const byPhone = Object.values(Object.groupBy(chosen, ({ phone }) => phone.userId));
  const times = await inParallel(byPhone, ANSWERED_AT_ONCE, signal, async (ofPhone) => {
    const answerMs: number[] = [];
    for (const { phone, begun } of ofPhone ?? []) {
      const { sentAtMs, repliedAtMs } = await answerOnPhone(phone, methodOf('push'), begun);
      await whole.callbacks.arrivalOf(begun.transactionId, CALLBACK_DEADLINE_MS);
      const result = await whole.portal.result(begun.transactionId);
      if (!result.is_authenticated) throw new Error(`transaction ${begun.transactionId} is ${result.status}`);
      answerMs.push(repliedAtMs - sentAtMs);
    }
    return answerMs;
  });
  return times.flat();
}

async function readMemory({ pids }: Stage, waiting: number): Promise<Reading> {
  const chosen = READ.filter((name) => pids[name] !== undefined);
  const entries = await Promise.all(
    chosen.map(async (name) => [name, await readResidentMemory(pids[name] as number)] as const),
  );
  return { waiting, bytes: Object.fromEntries(entries) };
}

async function readIdle({ pids }: Stage, signal: AbortSignal): Promise<Readonly<Record<string, number>>> {
  const before = await readMeters(pids);
  await pause(IDLE_MS, undefined, { signal });
  const after = await readMeters(pids);
  const { driver: _, ...names } = after.processes;
  return Object.fromEntries(
    Object.entries(names).map(([name, ms]) => [name, (ms - (before.processes[name] ?? 0)) / (IDLE_MS / 1_000)]),
  );
}

async function readStatuses({ database }: Stage): Promise<Readonly<Record<string, number>>> {
  const { rows } = await database.raw(
    'select status, count(*)::int as count from transactions where type_name = ? group by status order by status',
    [TYPE],
  );
  return Object.fromEntries(rows.map(({ status, count }: { status: string; count: number }) => [status, count]));
}
