import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { transactionMessageOf } from '../../../runtime/device-wire.ts';
import { AppError } from '../../../runtime/errors.ts';
import { OneSpanError } from '../../../runtime/onespan-errors.ts';
import type { AuthenticateInput } from '../../../workflows/contract.ts';
import type { Features } from '../../../workflows/domain/features.ts';
import type { PhoneProtection } from '../../../workflows/domain/pass-key.ts';
import { canAnswer } from '../../can-answer.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { EnrolledDevice } from '../../ports.ts';
import { BEGIN_PATIENCE_MS } from '../../transactions.ts';
import type { Delivery } from './delivery.ts';
import type { OneSpanUser } from './find-user.ts';

/** Our own time on both sides of the workflow: what is handed over later than this was refused to the portal already. */
const REPLY_RESERVE_MS = 500;
/** The vendor's longest timeout, for domains that set none. */
const LONGEST_SECONDS = 300;

export interface Question {
  readonly clientId: string;
  readonly user: OneSpanUser;
  readonly method: PhoneProtection;
  readonly title: string;
  readonly subject: string;
  /** Shown by the phone alone. */
  readonly text: string;
  /** To be signed, byte for byte. */
  readonly signingData?: string;
  readonly delivery: readonly Delivery[];
}

export interface AskedQuestion {
  /** The transaction's id. */
  readonly requestID: string;
  readonly requestMessage?: string;
  readonly timeToLiveMs: number;
}

/** Begins a transaction that asks the user's phone; resolves after the hand-off. Throws the vendor's refusals. */
export async function askPhone(
  { enrolments, types, features, transactions, settings }: ApiDependencies,
  question: Question,
): Promise<AskedQuestion> {
  const { clientId, user, method, delivery, signingData } = question;
  const { domain, userId } = user;
  const isPushed = delivery.includes('pushNotification');
  const [devices, type, on] = await Promise.all([
    enrolments.listEnrolled(userId),
    types.find(domain.typeName),
    features.read(),
  ]);
  const device = on.mobileAuthentication ? phoneFor(devices, user, { method, isPushed, on }) : undefined;
  if (!device) throw new OneSpanError('no_authenticator');
  if (!type) throw new AppError('internal', 'typeName');
  const requestID = uuidv7();
  const timeToLiveMs = Math.min(domain.timeoutSeconds || LONGEST_SECONDS, settings.transactionMaxSeconds) * 1_000;
  const input: AuthenticateInput = {
    transactionId: requestID,
    clientId,
    userId,
    applicationId: device.applicationId,
    deviceId: device.deviceId,
    enrolmentId: device.enrolmentId,
    policy: {
      typeName: type.name,
      version: type.version,
      method,
      timeToLiveMs,
      maxResends: isPushed ? type.maxResends : 0,
    },
    callbackUri: null,
    message: `${question.title}: ${question.subject}`,
    secureMessage: question.text,
    ...(signingData !== undefined && { signingData }),
    // Each begin has an id of its own, so that none is ever taken for another.
    requestSha256: createHash('sha256').update(requestID).digest('base64url'),
    handOffWithinMs: BEGIN_PATIENCE_MS - REPLY_RESERVE_MS,
    ...(!isPushed && { isUnannounced: true }),
  };
  const begun = await transactions.begin(input);
  if (begun === 'known') throw new AppError('unavailable');
  if (!begun.ok) {
    if (begun.code === 'provider_failed') throw new OneSpanError('gateway_failed', { requestID });
    throw new AppError('unavailable');
  }
  return {
    requestID,
    timeToLiveMs,
    ...(delivery.includes('requestMessage') && { requestMessage: transactionMessageOf(requestID) }),
  };
}

/** The first enrolled phone of the domain's app that can be asked this way. */
function phoneFor(
  devices: readonly EnrolledDevice[],
  { domain }: OneSpanUser,
  { method, isPushed, on }: { readonly method: PhoneProtection; readonly isPushed: boolean; readonly on: Features },
): EnrolledDevice | undefined {
  return devices.find(
    (device) =>
      device.applicationId === domain.applicationId &&
      // What is led to the phone by a picture needs no push token.
      canAnswer(isPushed ? device : { ...device, hasPushToken: true }, method, on),
  );
}
