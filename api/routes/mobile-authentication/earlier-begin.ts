import { AppError, MobileAuthenticationError } from '../../../runtime/errors.ts';
import type { Keyring } from '../../../runtime/keyring.ts';
import type { ApiTransactionStore, AuthenticationType } from '../../ports.ts';
import { type BegunReply, begunReply } from './begin-reply.ts';

export interface RepeatedBegin {
  readonly transactionId: string;
  readonly clientId: string;
  readonly requestSha256: string;
  readonly type: AuthenticationType;
  readonly withEventsToken: boolean;
}

/**
 * The reply that a begin under the same idempotency key got, or would have got, before; undefined when there is none, or
 * it is still on its way to the provider: the workflow knows, and its update is met again.
 */
export async function replyOfEarlierBegin(
  records: Pick<ApiTransactionStore, 'findForClient'>,
  keyring: Keyring,
  { transactionId, clientId, requestSha256, type, withEventsToken }: RepeatedBegin,
): Promise<BegunReply | undefined> {
  const record = await records.findForClient(transactionId, clientId);
  if (!record) return undefined;
  if (record.requestSha256 !== requestSha256) throw new AppError('idempotency_key_reused');
  const { outcome, isBySms, timeToLiveMs } = record;
  if (outcome?.status === 'failed' && outcome.reason === 'failed_to_send') {
    throw new MobileAuthenticationError(isBySms ? 3002 : 1002);
  }
  if (!outcome && !record.isHandedOver) return undefined;
  const method = isBySms ? 'sms' : record.method;
  const { numberDigits } = type;
  return begunReply(keyring, { transactionId, method, timeToLiveMs, numberDigits, device: record, withEventsToken });
}
