import { AsyncLocalStorage } from 'node:async_hooks';

/** What lines of the log say of the work they belong to. No secrets and nothing of a user. */
export interface LogContext {
  requestId?: string;
  /** What the OneSpan surface calls its replies by. */
  correlationId?: string;
  transactionId?: string;
  workflowId?: string;
}

const storage = new AsyncLocalStorage<LogContext>();

/** Runs something whose log lines, and those of everything it starts, carry these fields. */
export function withLogContext<Result>(context: LogContext, run: () => Result): Result {
  return storage.run({ ...context }, run);
}

/** Adds to what the lines of this work say; without effect outside of any. */
export function noteInLog(fields: LogContext): void {
  const context = storage.getStore();
  if (context) Object.assign(context, fields);
}

/** A copy, for the logger. */
export function logContext(): LogContext {
  return { ...storage.getStore() };
}
