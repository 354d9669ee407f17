import { setTimeout as pause } from 'node:timers/promises';
import { startCallbackPortal } from './callback-portal.ts';
import { CHECKS } from './checks/index.ts';
import { attempt } from './client/attempt.ts';
import { driveClient } from './client/drive-client.ts';
import type { Phone } from './client/phone.ts';
import { type Findings, gatherFindings, type KeptTransaction } from './findings.ts';
import { keepTraces } from './keep-traces.ts';
import { runNemesis } from './nemesis/run-nemesis.ts';
import type { FaultsOptions } from './options.ts';
import { createRandom } from './random.ts';
import { createRecorder } from './record.ts';
import { type Stage, setStage, TIME_TO_LIVE_SECONDS } from './stage.ts';

/** After the last fault: every life ends, and callbacks that failed come again at growing distances. */
const DRAIN_MS = 150_000;
/** The same where nothing was broken. */
const CALM_DRAIN_MS = 40_000;
const BEGINNINGS = ['burst', 'late', 'lost', 'anything'] as const;
const DRAIN_POLL_MS = 1_000;

export interface Verdict {
  readonly findings: Findings;
  /** By check; empty where it holds. */
  readonly breaches: Readonly<Record<string, readonly string[]>>;
}

/** Clients and nemesis at work for as long as asked, then everything comes to its end, and then it is judged. */
export async function runFaults(
  options: FaultsOptions,
  dataDir: string,
  closing: AsyncDisposableStack,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Verdict> {
  const stage = await setStage(dataDir, closing, signal);
  const recorder = createRecorder();
  const random = createRandom(options.seed);
  const callbacks = await startCallbackPortal((transactionId) => {
    void attempt(recorder, 'portal', { operation: 'result_at_callback', transactionId }, async () => {
      const { status } = await stage.portal.result(transactionId);
      return { says: status, value: status };
    });
  });
  closing.defer(() => callbacks.close());
  await stage.signCallbacks(callbacks.uri, callbacks.secret);

  const over = AbortSignal.any([signal, AbortSignal.timeout(options.seconds * 1_000)]);
  const wait = (ms: number): Promise<void> => pause(ms, undefined, { signal: over });
  const phones: Phone[] = [];
  const clients = Array.from({ length: options.clients }, (_, index) => {
    const own = random.fork(`client-${index}`);
    return driveClient({
      ...{ name: `client-${index}`, index, stage, recorder, random: own, callbackUri: callbacks.uri, signal: over },
      beginsWith: BEGINNINGS[index % BEGINNINGS.length] ?? 'anything',
      foreignPhone: () => phones[(index + 1) % options.clients],
      publish: (phone) => {
        phones[index] = phone;
      },
    }).catch((error) => {
      if (!over.aborted) throw error;
    });
  });
  const nemesis = options.isCalm
    ? Promise.resolve()
    : runNemesis({ stage, callbacks, random: random.fork('nemesis'), wait }, recorder, say, over);
  await Promise.all([...clients, nemesis]);
  signal.throwIfAborted();

  say('Everything may come to its end now.');
  await stage.recover();
  const drainMs = (options.isCalm ? CALM_DRAIN_MS : DRAIN_MS) + TIME_TO_LIVE_SECONDS * 1_000;
  await drain(stage, callbacks.arrived, Date.now() + drainMs, signal);
  const findings = await gatherFindings(stage, { ...recorder, callbacks: callbacks.arrived });
  const breaches = Object.fromEntries(Object.entries(CHECKS).map(([name, check]) => [name, check(findings)]));
  const all = Object.values(breaches).flat();
  if (all.length > 0) say(`What was broken is kept in ${await keepTraces(stage, all)}.`);
  return { findings, breaches };
}

type Ending = Pick<KeptTransaction, 'id' | 'status' | 'callbackUri' | 'failure'>;

/** Until nothing is pending and everything was called back, or it takes too long, which the checks then tell. */
async function drain(
  { database }: Stage,
  arrived: readonly { readonly transactionId: string; readonly answeredWith: number }[],
  untilMs: number,
  signal: AbortSignal,
): Promise<void> {
  while (Date.now() < untilMs) {
    const rows: Ending[] = await database('transactions').select(
      ...['id', 'status', 'callback_uri as callbackUri'],
      database.raw(`outcome ->> 'reason' as failure`),
    );
    const told = new Set(arrived.filter(({ answeredWith }) => answeredWith === 204).map((it) => it.transactionId));
    const isDone = rows.every(
      ({ id, status, callbackUri, failure }) =>
        status !== 'pending' && (callbackUri === null || failure === 'failed_to_send' || told.has(id)),
    );
    if (isDone) return;
    await pause(DRAIN_POLL_MS, undefined, { signal });
  }
}
