import type { Challenge, CodeChallenge, DenialReason, PendingTransaction } from '../runtime/device-wire.ts';
import { answer } from './answer.ts';
import { type ApprovalInput, approve } from './approve.ts';
import { registerBiometric } from './biometric-key.ts';
import { changePin, type PinChangeOutcome } from './change-pin.ts';
import { canHandleOtp, claimOtp } from './claim-otp.ts';
import { codeForDigits, readVisualChallenge, transactionOfMessage } from './code-challenge.ts';
import { type DeviceContext, requireEnrolled } from './device-context.ts';
import { createKeyCache } from './device-keys.ts';
import type { DeviceStore } from './device-store.ts';
import { disenrol } from './disenrol.ts';
import { describeEnrolment, type Enrolment, type EnrolOptions, enrol } from './enrol.ts';
import { fetchChallenge } from './fetch-challenge.ts';
import { listPending } from './list-pending.ts';
import { canHandlePush, pendingFromPush } from './push-content.ts';
import { changePushToken, endPush, enrolForPush } from './push-token.ts';
import { rename } from './rename.ts';
import { repeatApproval } from './repeat-approval.ts';
import { rotateKeys } from './rotate-keys.ts';
import type { AnswerOutcome } from './send-answer.ts';
import { createServerClock } from './server-clock.ts';
import { setPin } from './set-pin.ts';
import { createStateHolder } from './state-holder.ts';
import type { TransactionReference } from './transaction-reference.ts';

const DEFAULT_REQUEST_TIMEOUT_MS = 15_000;

/** What the client of a phone works with. */
export interface DeviceClientOptions {
  /** The server's public address: http or https, as the server knows itself. */
  readonly serverUrl: string;
  readonly store: DeviceStore;
  /** Of the app, such as `2.4.1`; 9004 is thrown where the operator serves this version no more. */
  readonly appVersion?: string;
  /** The platform's `fetch` by default. */
  readonly fetch?: typeof fetch;
  /** Epoch ms; the platform's clock by default. It may be wrong: what the server judges goes by the server's. */
  readonly now?: () => number;
  /** Of each try. */
  readonly requestTimeoutMs?: number;
  /** Resolves after so many ms; the platform's timer by default. */
  readonly wait?: (ms: number) => Promise<void>;
}

/** A phone as its app sees it. Everything but the two push functions rejects with a {@link DeviceError}. */
export interface DeviceClient {
  /** Binds this phone to the user that the ticket names. */
  enrol(options: EnrolOptions): Promise<Enrolment>;
  /** The enrolment of this phone; undefined when it has none, also after the server has ended it. */
  enrolment(): Promise<Enrolment | undefined>;
  /** True while this phone has an enrolment: it can be asked by code, and by push once it has a push token. */
  isEnrolled(): Promise<boolean>;
  /** True while pushes can reach it as well. */
  isEnrolledForPush(): Promise<boolean>;
  /** Brings the push token of a phone that was enrolled without one. */
  enrolForPush(pushToken: string): Promise<void>;
  /** To be called whenever the platform's push service gives this phone another token. */
  changePushToken(pushToken: string): Promise<void>;
  /** No more pushes; the enrolment stays. */
  endPush(): Promise<void>;
  /** Ends the enrolment, on the server and here. */
  disenrol(): Promise<void>;
  /** Gives this phone another name. */
  rename(name: string): Promise<void>;
  /** Replaces both key pairs; to be called again where it failed on the way. */
  rotateKeys(): Promise<void>;
  /** What waits for an answer, newest first. */
  pending(): Promise<readonly PendingTransaction[]>;
  /** What the user must see before answering; may be asked again. */
  fetchChallenge(transaction: TransactionReference): Promise<Challenge>;
  /** Says yes to a challenge that was shown. */
  approve(challenge: Challenge, input?: ApprovalInput): Promise<AnswerOutcome>;
  /** Sets the PIN of this phone's user; it never leaves the phone. */
  setPin(pin: string): Promise<void>;
  /** Replaces the PIN; a wrong old one is an outcome, and counts like a wrong PIN of an answer. */
  changePin(oldPin: string, newPin: string): Promise<PinChangeOutcome>;
  /** Makes a biometric key; from then on a recognised user approves without the PIN where the type allows it. */
  registerBiometric(): Promise<void>;
  /** Says no: to a challenge, or to a transaction that was never opened. */
  deny(
    transaction: TransactionReference | Challenge,
    options?: { readonly reason?: DenialReason },
  ): Promise<AnswerOutcome>;
  /** Sends an approval of this phone once more, to learn what became of it; undefined when it has given none. */
  repeatApproval(transactionId: string): Promise<AnswerOutcome | undefined>;
  /** Claims the transaction of a one-time code and fetches what the user must see; answered as any other challenge. */
  claimOtp(text: string): Promise<Challenge>;
  /** True for a one-time code of Countersign, alone or at the end of a link; never throws. */
  canHandleOtp(text: unknown): boolean;
  /** Reads a visual challenge without a connection: what the user must see, and the code to type at the portal. */
  readVisualChallenge(text: string): Promise<CodeChallenge>;
  /** The code to digits that the portal shows. */
  codeForDigits(digits: string): Promise<CodeChallenge>;
  /** The transaction that the picture of a request message leads to; undefined for any other text. Never throws. */
  transactionOfMessage(text: unknown): string | undefined;
  /** True when the data of a push is for this client; never throws. */
  canHandlePush(data: unknown): boolean;
  /** The transaction that a push tells of; throws 10018 for a push that is not for this client. */
  pendingFromPush(data: unknown): PendingTransaction;
}

/** Makes the client of one phone. Throws a TypeError for an address that is none. */
export function createDeviceClient(options: DeviceClientOptions): DeviceClient {
  const now = options.now ?? Date.now;
  const device: DeviceContext = {
    transport: {
      serverUrl: parseServerUrl(options.serverUrl),
      fetch: options.fetch ?? ((input, init) => fetch(input, init)),
      now,
      serverClock: createServerClock(now),
      requestTimeoutMs: options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS,
      ...(options.appVersion !== undefined && { appVersion: options.appVersion }),
      wait: options.wait ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms))),
    },
    state: createStateHolder(options.store),
    keys: createKeyCache(),
  };
  return {
    enrol: (enrolOptions) => enrol(device, enrolOptions),
    enrolment: () => readEnrolment(device),
    isEnrolled: async () => (await readEnrolment(device)) !== undefined,
    isEnrolledForPush: async () => (await readEnrolment(device))?.pushToken !== undefined,
    enrolForPush: (pushToken) => enrolForPush(device, pushToken),
    changePushToken: (pushToken) => changePushToken(device, pushToken),
    endPush: () => endPush(device),
    disenrol: () => disenrol(device),
    rename: (name) => rename(device, name),
    rotateKeys: () => rotateKeys(device),
    pending: () => listPending(device),
    fetchChallenge: (transaction) => fetchChallenge(device, transaction),
    approve: (challenge, input = {}) => approve(device, challenge, input),
    setPin: (pin) => setPin(device, pin),
    changePin: (oldPin, newPin) => changePin(device, oldPin, newPin),
    registerBiometric: () => registerBiometric(device),
    deny: (transaction, { reason } = {}) =>
      answer(device, transaction, {
        decision: 'deny',
        ...(reason && { reason }),
        ...(typeof transaction !== 'string' && 'nonce' in transaction && { nonce: transaction.nonce }),
      }),
    repeatApproval: (transactionId) => repeatApproval(device, transactionId),
    claimOtp: (text) => claimOtp(device, text),
    canHandleOtp,
    readVisualChallenge: (text) => readVisualChallenge(device, text),
    codeForDigits: (digits) => codeForDigits(device, digits),
    transactionOfMessage,
    canHandlePush,
    pendingFromPush,
  };
}

async function readEnrolment(device: DeviceContext): Promise<Enrolment | undefined> {
  const state = await device.state.read();
  if (!state?.enrolment || state.enrolment.disenrolledAt) return undefined;
  return describeEnrolment(requireEnrolled(state));
}

function parseServerUrl(text: string): string {
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new TypeError('serverUrl is not http or https');
  if (url.search || url.hash || url.username) throw new TypeError('serverUrl holds more than an address');
  return (url.origin + url.pathname).replace(/\/+$/, '');
}
