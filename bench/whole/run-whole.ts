import { performance } from 'node:perf_hooks';
import { waitUntil } from '../../dev/wait-until.ts';
import { workflowIdOf } from '../../workflows/contract.ts';
import { type Answered, answerOnPhone, typeSmsCode } from './answer.ts';
import { begin } from './begin.ts';
import type { Phone } from './enrol-phone.ts';
import type { Begun, WholeFlow } from './flow.ts';
import { type MethodName, methodOf } from './methods.ts';

/** A first attempt that fails is tried again after seconds; past this something is broken. */
const CALLBACK_DEADLINE_MS = 20_000;
const OUTCOME_DEADLINE_MS = 20_000;

export interface WholeRun {
  readonly workflowId: string;
  readonly method: MethodName;
  /** The portal's call to begin, which includes the hand-over to the push service or the gateway. */
  readonly beginMs: number;
  /** From sending the request for the challenge to its reply; absent where no phone fetches. */
  readonly fetchMs?: number;
  /** From sending the answer to its reply. */
  readonly answerMs: number;
  /** From sending the answer to the arrival of the callback; absent where there is none. */
  readonly callbackMs?: number;
  /** From begin to the result read by the portal. */
  readonly totalMs: number;
  /** The answer was kept (202), and judged later. */
  readonly isRecordedOnly: boolean;
  /** Requests of the phone that had to be repeated. */
  readonly repeats: number;
}

/**
 * One transaction from begin to end, over HTTP: the portal begins, the phone fetches and approves (or the user types the
 * code), the callback comes where there is one, the portal reads the result. Throws when any of it goes otherwise. The
 * phone learns the id from the portal, not by the push, which goes to the simulated service all the same.
 */
export async function runWhole(flow: WholeFlow, phone: Phone, name: MethodName = 'push'): Promise<WholeRun> {
  const method = methodOf(name);
  const startedAtMs = performance.now();
  const begun = await begin(flow, phone, name);
  const begunAtMs = performance.now();
  const { transactionId } = begun;
  const answered =
    method.answer === 'code_typed' ? await typeSmsCode(flow, phone, begun) : await answerOnPhone(phone, method, begun);
  const calledBackAtMs = method.isCalledBack
    ? await flow.callbacks.arrivalOf(transactionId, CALLBACK_DEADLINE_MS)
    : undefined;
  await requireApproval(flow, begun, method.isOneSpan === true);
  return {
    workflowId: workflowIdOf(transactionId),
    method: name,
    beginMs: begunAtMs - startedAtMs,
    ...timesOf(answered),
    ...(calledBackAtMs !== undefined && { callbackMs: calledBackAtMs - answered.sentAtMs }),
    totalMs: performance.now() - startedAtMs,
    isRecordedOnly: answered.isRecordedOnly,
    repeats: answered.repeats,
  };
}

function timesOf({ fetchMs, sentAtMs, repliedAtMs }: Answered): Pick<WholeRun, 'fetchMs' | 'answerMs'> {
  return { ...(fetchMs !== undefined && { fetchMs }), answerMs: repliedAtMs - sentAtMs };
}

async function requireApproval(flow: WholeFlow, { transactionId }: Begun, isOneSpan: boolean): Promise<void> {
  let status = '';
  const isSettled = async (): Promise<boolean> => {
    status = isOneSpan ? await flow.oneSpan.session(transactionId) : (await flow.portal.result(transactionId)).status;
    return status !== 'pending';
  };
  // Settled already, save where the answer was only recorded and no callback tells when it was judged.
  await waitUntil(isSettled, { what: `the outcome of ${transactionId}`, withinMs: OUTCOME_DEADLINE_MS });
  if (status !== 'approved' && status !== 'accepted') {
    throw new Error(`transaction ${transactionId} was approved and is ${status}`);
  }
}
