import { CommandError, PortalRefusal } from '../../dev/cli/failures.ts';
import { DeviceError } from '../../sdk/index.ts';
import type { Call, Recorder } from '../record.ts';

export type CallFacts = Pick<Call, 'operation' | 'transactionId' | 'enrolmentId' | 'wanted' | 'pin' | 'code'>;

/** What a call that was acknowledged says, and what it is about where only its reply tells. */
export interface Said<Value> {
  readonly says: string;
  readonly transactionId?: string;
  readonly value: Value;
}

/** Makes one call and writes down what came of it; undefined where it was refused or nothing is known. */
export async function attempt<Value>(
  recorder: Recorder,
  client: string,
  facts: CallFacts,
  call: () => Promise<Said<Value>>,
): Promise<Value | undefined> {
  const startedAtMs = Date.now();
  const add = (outcome: Call['outcome'], says: string, transactionId = facts.transactionId): void =>
    recorder.add({ ...facts, client, transactionId, startedAtMs, endedAtMs: Date.now(), outcome, says });
  try {
    const { says, transactionId, value } = await call();
    add('acknowledged', says, transactionId);
    return value;
  } catch (error) {
    const { isRefused, says } = describe(error);
    add(isRefused ? 'refused' : 'unknown', says);
    return undefined;
  }
}

/** 5xx and lost connections say nothing of what was done; everything else of 4xx says that nothing was. */
function describe(error: unknown): { readonly isRefused: boolean; readonly says: string } {
  if (error instanceof PortalRefusal) return { isRefused: error.status < 500, says: error.code };
  if (error instanceof DeviceError) {
    return { isRefused: error.status !== undefined && error.status < 500, says: error.code };
  }
  if (error instanceof CommandError) return { isRefused: false, says: error.message };
  throw error;
}
