import { type Challenge, type DenialReason, type PendingTransaction, readOtp } from '../runtime/device-wire.ts';
import type { DeviceClient } from './device-client.ts';
import type { EnrolDetails, Enrolment, UserProof } from './enrol.ts';
import { DeviceError, localError } from './errors.ts';
import { describeRequest, handleChallenge } from './handle-challenge.ts';
import type { HandledRequest, MobileAuthRequest, Receivers } from './receivers.ts';
import { createRequestQueue } from './request-queue.ts';
import type { AnswerOutcome } from './send-answer.ts';

/** A request that was pushed or waits: from the pending list, or the data of a push. */
export type PushRequest = PendingTransaction | Readonly<Record<string, unknown>>;

/** A request as the app has it: a pushed one, or the text of a one-time code, alone or at the end of a link. */
export type HandleableRequest = PushRequest | string;

/** Mobile authentication as an app uses it: enrolment, and requests handled by the app's receivers, one at a time. */
export interface MobileAuth {
  /** Binds this phone to the user that the ticket or token proves. Costly; do it early. */
  enrolForMobileAuth(options: Omit<EnrolDetails, 'pushToken'> & UserProof): Promise<Enrolment>;
  /** Lets pushes reach this phone; it must be enrolled. */
  enrolForPush(pushToken: string): Promise<void>;
  /** True while this phone has an enrolment. */
  isEnrolledForMobileAuth(): Promise<boolean>;
  /** True while pushes can reach it as well. */
  isEnrolledForPush(): Promise<boolean>;
  /** What waits for an answer, newest first. */
  pendingRequests(): Promise<readonly PendingTransaction[]>;
  /** True when the data of a push is for this client; never throws. */
  canHandlePush(payload: unknown): boolean;
  /** True for a one-time code of this service, alone or at the end of a link; never throws. */
  canHandleOtp(text: unknown): boolean;
  /**
   * Leads a request to its end by the receivers. A second call for the same one is refused with 9029 meanwhile; others
   * wait for their turn. Rejects with what `onFailed` is told.
   */
  handleRequest(request: HandleableRequest): Promise<HandledRequest>;
  /** Says no without opening the request, for instance from the notification. */
  denyRequest(request: PushRequest, options?: { readonly reason?: DenialReason }): Promise<AnswerOutcome>;
}

/** Where the clock is the platform's. */
export interface MobileAuthOptions {
  readonly client: DeviceClient;
  readonly receivers: Receivers;
  /** Epoch ms; the platform's clock by default. */
  readonly now?: () => number;
}

/** Puts the app's receivers over the client of one phone. */
export function createMobileAuth({ client, receivers, now = Date.now }: MobileAuthOptions): MobileAuth {
  const queue = createRequestQueue();

  const pendingOf = (request: PushRequest): PendingTransaction =>
    isPending(request) ? request : client.pendingFromPush(request);

  async function lead(fetch: () => Promise<Challenge>, describe: (request: MobileAuthRequest) => void) {
    const enrolment = await client.enrolment();
    if (!enrolment) throw localError('not_enrolled', 'This phone is not enrolled.');
    const challenge = await fetch();
    const request = describeRequest(challenge, enrolment.userId);
    describe(request);
    return { request, handled: await handleChallenge({ client, receivers, enrolment, now }, challenge) };
  }

  async function handle(fetch: () => Promise<Challenge>): Promise<HandledRequest> {
    let described: MobileAuthRequest | undefined;
    const led = await lead(fetch, (request) => {
      described = request;
    }).catch((error: unknown) => {
      if (error instanceof DeviceError) receivers.onFailed?.(error, described);
      throw error;
    });
    receivers.onHandled?.(led.request, led.handled);
    return led.handled;
  }

  return {
    enrolForMobileAuth: (options) => client.enrol(options),
    enrolForPush: (pushToken) => client.enrolForPush(pushToken),
    isEnrolledForMobileAuth: () => client.isEnrolled(),
    isEnrolledForPush: () => client.isEnrolledForPush(),
    pendingRequests: () => client.pending(),
    canHandlePush: (payload) => client.canHandlePush(payload),
    canHandleOtp: (text) => client.canHandleOtp(text),
    async handleRequest(request) {
      if (typeof request === 'string') {
        return queue.enter(transactionOfOtp(request), () => handle(() => client.claimOtp(request)));
      }
      const pending = pendingOf(request);
      return queue.enter(pending.transactionId, () => handle(() => client.fetchChallenge(pending)));
    },
    denyRequest: async (request, options) => client.deny(pendingOf(request), options),
  };
}

function transactionOfOtp(text: string): string {
  const otp = readOtp(text);
  if (!otp) throw localError('otp_not_handleable', 'The text is no one-time code of this service.');
  return otp.transactionId;
}

function isPending(request: PushRequest): request is PendingTransaction {
  return typeof request.transactionId === 'string' && typeof request.expiresAt === 'string';
}
