import type { Challenge } from '../runtime/device-wire.ts';
import { askUser, type UserWord } from './ask-user.ts';
import type { DeviceClient } from './device-client.ts';
import type { Enrolment } from './enrol.ts';
import { localError } from './errors.ts';
import type { HandledRequest, MobileAuthRequest, Receivers } from './receivers.ts';
import type { AnswerOutcome } from './send-answer.ts';
import { type Asked, type Circumstances, showChallenge } from './show-challenge.ts';

/** What a conversation needs beside its challenge. */
export interface Conversation {
  readonly client: Pick<DeviceClient, 'approve' | 'deny'>;
  readonly receivers: Receivers;
  readonly enrolment: Pick<Enrolment, 'userId' | 'hasBiometricKey'>;
  /** Epoch ms. */
  readonly now: () => number;
}

/** What is asked next, and how it comes. */
type Step = Circumstances & { readonly asked: Asked };

/** The request as receivers see it. */
export function describeRequest(challenge: Challenge, userId: string): MobileAuthRequest {
  const { transactionId, type, method, message, signingData, expiresAt } = challenge;
  const toSign = signingData === undefined ? {} : { signingData };
  return { transactionId, userId, type, method, message, ...toSign, expiresAt };
}

/**
 * Leads one request from its challenge to its end: asks the user by the receiver of its method, sends the answer, asks
 * again after a wrong PIN or number, and asks for the PIN where another proof was not taken.
 * Throws 9003 after the last wrong PIN, 9006 when the user calls it off, 10013 when the time is up.
 */
export async function handleChallenge(conversation: Conversation, challenge: Challenge): Promise<HandledRequest> {
  const { client, receivers, enrolment, now } = conversation;
  const request = describeRequest(challenge, enrolment.userId);
  const deadlineMs =
    challenge.expiresInMs === undefined ? Date.parse(challenge.expiresAt) : now() + challenge.expiresInMs;
  let step = firstStep(conversation, challenge);
  for (;;) {
    const { asked, ...circumstances } = step;
    const word = await askUser(deadlineMs - now(), (take) =>
      showChallenge(receivers, asked, request, circumstances, take),
    );
    if (word.kind === 'fall_back_to_pin') {
      step = { ...withoutCause(step), asked: 'pin' };
      continue;
    }
    const outcome = await answerWith(client, challenge, word);
    const next = stepAfter(step, outcome);
    if (next) step = next;
    else return endOf(challenge, asked, outcome);
  }
}

function firstStep({ receivers, enrolment }: Conversation, { method, attempts }: Challenge): Step {
  const counter = attempts && { maxFailureCount: attempts.max, remainingFailureCount: attempts.left };
  const start = { isNextAttempt: false, ...(counter && { attempts: counter }) };
  switch (method) {
    case 'push':
      return { ...start, asked: 'confirmation' };
    case 'otp':
      return { ...start, asked: 'otp' };
    case 'push_with_pin':
      return { ...start, asked: 'pin' };
    case 'push_with_number':
      return { ...start, asked: 'number' };
    case 'push_with_custom_authenticator':
      return { ...start, asked: receivers.onCustom ? 'custom' : 'pin' };
    case 'push_with_fingerprint':
      if (enrolment.hasBiometricKey) return { ...start, asked: receivers.onBiometric ? 'biometric' : 'pin' };
      return {
        ...start,
        asked: 'pin',
        cause: localError('biometric_deregistered', 'This phone has no biometric key.'),
      };
  }
}

async function answerWith(
  client: Conversation['client'],
  challenge: Challenge,
  word: Exclude<UserWord, { kind: 'fall_back_to_pin' }>,
): Promise<AnswerOutcome> {
  switch (word.kind) {
    case 'accept':
      return client.approve(challenge, word.input);
    case 'deny':
      return client.deny(challenge, word.reason ? { reason: word.reason } : {});
    case 'cancel':
      await client.deny(challenge, { reason: 'cancelled' });
      throw localError('cancelled', 'The user has called the request off.');
    default:
      throw localError('request_expired', 'The user has not answered in time.');
  }
}

/** Undefined when the request has come to its end. */
function stepAfter(step: Step, outcome: AnswerOutcome): Step | undefined {
  if (outcome.status === 'pin_wrong' || outcome.status === 'number_wrong') {
    const remainingFailureCount = outcome.attemptsLeft;
    const maxFailureCount = step.attempts?.maxFailureCount ?? remainingFailureCount + 1;
    return { ...step, isNextAttempt: true, attempts: { maxFailureCount, remainingFailureCount } };
  }
  if (outcome.status !== 'pin_required') return undefined;
  const code = step.asked === 'custom' ? 'custom_failed' : 'biometric_failed';
  const { custom } = outcome;
  const cause = localError(code, 'The proof was not taken: the PIN stands in.', custom ? { custom } : {});
  return { ...step, asked: 'pin', cause };
}

function withoutCause({ cause: _, ...step }: Step): Step {
  return step;
}

function endOf({ transactionId }: Challenge, asked: Asked, outcome: AnswerOutcome): HandledRequest {
  const custom = 'custom' in outcome && outcome.custom ? { custom: outcome.custom } : {};
  switch (outcome.status) {
    case 'approved':
    case 'denied':
    case 'recorded':
      return { transactionId, status: outcome.status, ...custom };
    case 'failed':
      if (asked === 'pin') throw localError('user_deregistered', 'Too many wrong PINs: the phone must enrol anew.');
      throw localError('attempts_used_up', 'That was the last attempt: the request has failed.', custom);
    default:
      throw new Error(`a request does not end with ${outcome.status}`);
  }
}
