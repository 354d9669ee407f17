import { DeviceError } from '../../sdk/index.ts';

/** The command line can not be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something that the reader can put right: told in one line, without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** The API's refusal of a portal's request. */
export class PortalRefusal extends Error {
  override readonly name = 'PortalRefusal';
  /** The vendor's number as a text, our problem code, or the word of an OAuth error. */
  readonly code: string;
  /** HTTP status. */
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** `refused`: the server said no. `error`: it did not come to that. */
export type Failure =
  | {
      readonly event: 'refused';
      readonly code: string;
      readonly status: number;
      /** The vendor's number, where the phone's client gives one. */
      readonly number?: number;
      readonly message: string;
    }
  | { readonly event: 'error'; readonly code?: string; readonly number?: number; readonly message: string };

/** What a thrown thing means to whoever gave the command. Unknown ones keep their stack for people to read. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof PortalRefusal) {
    const { code, status, message } = error;
    return { event: 'refused', code, status, message };
  }
  if (error instanceof DeviceError) {
    const { code, status, number, message } = error;
    if (status !== undefined) return { event: 'refused', code, status, number, message };
    const advice = code === 'server_unreachable' ? ' Is it running? `npm start` starts it.' : '';
    return { event: 'error', code, number, message: message + advice };
  }
  if (error instanceof UsageError) return { event: 'error', code: 'usage', message: error.message };
  if (error instanceof CommandError) return { event: 'error', message: error.message };
  return { event: 'error', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
