import { type Percentiles, percentilesOf } from '../percentiles.ts';
import type { MethodName } from '../whole/methods.ts';
import type { WholeRun } from '../whole/run-whole.ts';
import type { Arrival } from './open-loop.ts';

/** Times in ms; `begin` and `total` from the moment at which the transaction was to begin. */
export interface Latencies {
  readonly count: number;
  readonly begin: Percentiles;
  readonly fetch?: Percentiles;
  readonly answer: Percentiles;
  readonly callback?: Percentiles;
  readonly total: Percentiles;
}

export interface OpenSummary {
  readonly all: Latencies;
  /** By method, those of which none succeeded left out. */
  readonly byMethod: Readonly<Partial<Record<MethodName, Latencies>>>;
  /** From when a transaction was to begin until the driver had a phone for it. */
  readonly late: Percentiles;
  /** How many failed, by what they said. */
  readonly failures: Readonly<Record<string, number>>;
  readonly recordedOnly: number;
  readonly repeats: number;
}

export interface Success {
  readonly run: WholeRun;
  readonly lateMs: number;
}

/** Throws when not one transaction succeeded. */
export function summariseOpen(arrivals: readonly Arrival<WholeRun>[]): OpenSummary {
  const successes: Success[] = [];
  const failures: Record<string, number> = {};
  for (const { intendedAtMs, endedAtMs, result } of arrivals) {
    if ('outcome' in result) {
      // Whatever is not of the run itself lies before it: a driver held up, and the wait for a free phone.
      successes.push({ run: result.outcome, lateMs: endedAtMs - intendedAtMs - result.outcome.totalMs });
    } else {
      const reason = reasonOf(result.failure);
      failures[reason] = (failures[reason] ?? 0) + 1;
    }
  }
  if (successes.length === 0) throw new Error('no transaction succeeded', { cause: firstFailure(arrivals) });
  const methods = [...new Set(successes.map(({ run }) => run.method))];
  return {
    all: latenciesOf(successes),
    byMethod: Object.fromEntries(
      methods.map((method) => [method, latenciesOf(successes.filter(({ run }) => run.method === method))]),
    ),
    late: percentilesOf(successes.map(({ lateMs }) => lateMs)),
    failures,
    recordedOnly: successes.filter(({ run }) => run.isRecordedOnly).length,
    repeats: successes.reduce((sum, { run }) => sum + run.repeats, 0),
  };
}

/** Of runs that succeeded, each with how late it began. Throws when there are none. */
export function latenciesOf(successes: readonly Success[]): Latencies {
  const fetches = successes.flatMap(({ run }) => run.fetchMs ?? []);
  const callbacks = successes.flatMap(({ run }) => run.callbackMs ?? []);
  return {
    count: successes.length,
    begin: percentilesOf(successes.map(({ run, lateMs }) => lateMs + run.beginMs)),
    ...(fetches.length > 0 && { fetch: percentilesOf(fetches) }),
    answer: percentilesOf(successes.map(({ run }) => run.answerMs)),
    ...(callbacks.length > 0 && { callback: percentilesOf(callbacks) }),
    total: percentilesOf(successes.map(({ run, lateMs }) => lateMs + run.totalMs)),
  };
}

/** What many failures have in common: a code where there is one. */
function reasonOf(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  const { code, status } = failure as Error & { code?: unknown; status?: unknown };
  if (typeof code === 'string') return typeof status === 'number' ? `${status} ${code}` : code;
  return failure.message.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '…');
}

function firstFailure(arrivals: readonly Arrival<unknown>[]): unknown {
  const [first] = arrivals.flatMap(({ result }) => ('failure' in result ? [result.failure] : []));
  return first;
}
