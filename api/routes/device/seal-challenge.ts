import { challengeNonceOf } from '../../../runtime/challenge-nonce.ts';
import type { Challenge, SealedReply } from '../../../runtime/device-wire.ts';
import { AppError } from '../../../runtime/errors.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { Caller, DeviceCaller } from '../../ports.ts';
import { refuseIfOver } from './open-transaction.ts';

export interface ChallengeFetch {
  readonly transactionId: string;
  readonly requestId: string;
  readonly from: Caller;
}

/** Claims the one fetch of a transaction for this request, and seals what the user must see; refuses any other request. */
export async function sealChallenge(
  { records, pgp, keyring }: Pick<ApiDependencies, 'records' | 'pgp' | 'keyring'>,
  caller: DeviceCaller,
  { transactionId, requestId, from }: ChallengeFetch,
): Promise<SealedReply> {
  const { enrolmentId } = caller;
  const transaction = await records.findForEnrolment(transactionId, enrolmentId);
  // What is asked by SMS alone is asked of no phone of ours.
  if (!transaction || transaction.method === 'sms') throw new AppError('transaction_unknown');
  refuseIfOver(transaction, caller);
  if (!(await records.claimFetch(transactionId, enrolmentId, requestId, from))) {
    const now = await records.findForEnrolment(transactionId, enrolmentId);
    if (now) refuseIfOver(now, caller);
    throw new AppError('challenge_already_fetched');
  }
  const isCounted = transaction.method !== 'push' && transaction.method !== 'otp';
  const attempts = isCounted ? await records.findRemainingAttempts(transactionId) : undefined;
  const challenge: Challenge = {
    purpose: 'challenge',
    transactionId,
    enrolmentId,
    requestId,
    type: transaction.typeName,
    method: transaction.method,
    message: transaction.secureMessage ?? transaction.message,
    expiresAt: new Date(transaction.expiresAtMs).toISOString(),
    expiresInMs: Math.round(transaction.expiresAtMs - caller.nowMs),
    nonce: challengeNonceOf(keyring, transactionId, enrolmentId),
    ...(attempts && { attempts }),
    ...(transaction.signingData !== null && { signingData: transaction.signingData }),
  };
  return { message: await (await pgp.of(caller)).sealFor(caller.pgpPublicKey, challenge) };
}
