import type { PortalApi } from '../../dev/cli/portal-api.ts';
import type { CallbackReceiver } from './callback-receiver.ts';
import type { OneSpanLogin } from './onespan-login.ts';
import type { SmsInbox } from './sms-inbox.ts';

/** Whom transactions are between, beside the phones. */
export interface WholeFlow {
  readonly portal: PortalApi;
  readonly callbacks: CallbackReceiver;
  readonly oneSpan: OneSpanLogin;
  /** Absent where the stage has no SMS gateway. */
  readonly sms?: SmsInbox;
}

/** What a begin tells of a transaction. */
export interface Begun {
  readonly transactionId: string;
  /** What the portal shows where the method has a number. */
  readonly number?: string;
  /** What the portal shows where the phone reads a code. */
  readonly otp?: string;
}
