import { performance } from 'node:perf_hooks';
import type { PortalApi } from '../../dev/cli/portal-api.ts';
import { DEMO } from '../../dev/demo-data.ts';
import { workflowIdOf } from '../../workflows/contract.ts';
import type { CallbackReceiver } from './callback-receiver.ts';
import type { Phone } from './enrol-phone.ts';

/** A first attempt that fails is tried again after seconds; past this something is broken. */
const CALLBACK_DEADLINE_MS = 20_000;

export interface WholeRun {
  readonly workflowId: string;
  /** The portal's call to begin, which includes the hand-over to the push service. */
  readonly beginMs: number;
  /** From sending the request for the challenge to its reply. */
  readonly fetchMs: number;
  /** From sending the answer to its reply. */
  readonly answerMs: number;
  /** From sending the answer to the arrival of the callback. */
  readonly callbackMs: number;
  /** From begin to the result read by the portal. */
  readonly totalMs: number;
  /** The answer was kept (202), and judged later. */
  readonly isRecordedOnly: boolean;
  /** Requests of the phone that had to be repeated. */
  readonly repeats: number;
}

export interface WholeFlow {
  readonly portal: PortalApi;
  readonly callbacks: CallbackReceiver;
}

/**
 * One transaction from begin to end, over HTTP: the portal begins, the phone fetches and approves, the callback comes, the
 * portal reads the result. Throws when any of it goes otherwise. The phone learns the id from the portal, not by the push,
 * which goes to the simulated service all the same.
 */
export async function runWhole({ portal, callbacks }: WholeFlow, phone: Phone): Promise<WholeRun> {
  const startedAtMs = performance.now();
  const { transaction_id: transactionId, auth_method: method } = await portal.begin({
    type: DEMO.types[0].name,
    userId: phone.userId,
    deviceId: phone.deviceId,
    callbackUri: callbacks.uri,
    message: 'Log in to the bank?',
    secureMessage: 'Log in to the bank from Utrecht with Firefox?',
  });
  const begunAtMs = performance.now();
  if (method !== 'push') throw new Error(`transaction ${transactionId} began with ${method}`);

  const challenge = await phone.client.fetchChallenge(transactionId);
  const fetched = phone.stopwatch.takeExchange();
  const { status } = await phone.client.approve(challenge);
  const answered = phone.stopwatch.takeExchange();
  if (status === 'denied') throw new Error(`the approval of ${transactionId} became a denial`);

  const calledBackAtMs = await callbacks.arrivalOf(transactionId, CALLBACK_DEADLINE_MS);
  const result = await portal.result(transactionId);
  if (!result.is_authenticated) throw new Error(`transaction ${transactionId} was approved and is ${result.status}`);
  return {
    workflowId: workflowIdOf(transactionId),
    beginMs: begunAtMs - startedAtMs,
    fetchMs: fetched.repliedAtMs - fetched.sentAtMs,
    answerMs: answered.repliedAtMs - answered.sentAtMs,
    callbackMs: calledBackAtMs - answered.sentAtMs,
    totalMs: performance.now() - startedAtMs,
    isRecordedOnly: status === 'recorded',
    repeats: fetched.tries + answered.tries - 2,
  };
}
