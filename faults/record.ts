/** What somebody did from outside, and what came of it as they saw it. */
export interface Call {
  readonly client: string;
  readonly operation:
    | 'begin'
    | 'answer'
    | 'answer_foreign'
    | 'deny'
    | 'resend'
    | 'cancel'
    | 'verify'
    | 'claim'
    | 'result'
    | 'result_at_callback';
  /** Null for a begin that was not acknowledged. */
  readonly transactionId: string | null;
  readonly enrolmentId?: string;
  /** Epoch ms. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** `unknown`: no reply, or one that says nothing of what was done. */
  readonly outcome: 'acknowledged' | 'refused' | 'unknown';
  /** The status, or the code of the refusal. */
  readonly says: string;
  /** With answers: what the user wanted, and whether the PIN was right. */
  readonly wanted?: 'approve' | 'deny';
  readonly pin?: 'right' | 'wrong';
  /** With codes that came by SMS. */
  readonly code?: 'right' | 'wrong';
}

/** A fault while it lasted. */
export interface FaultWindow {
  readonly fault: string;
  /** Whether the engine itself could do nothing meanwhile: what ends then may end late. */
  readonly delaysEnds: boolean;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Keeps the history of a run, in the order in which things ended. */
export interface Recorder {
  readonly calls: readonly Call[];
  readonly faults: readonly FaultWindow[];
  add(call: Call): void;
  addFault(window: FaultWindow): void;
}

export function createRecorder(): Recorder {
  const calls: Call[] = [];
  const faults: FaultWindow[] = [];
  return { calls, faults, add: (call) => void calls.push(call), addFault: (window) => void faults.push(window) };
}
