import type { RequestHandler } from 'express';
import { AppError, MobileAuthenticationError } from '../../../runtime/errors.ts';
import { transactionNumberOf } from '../../../runtime/transaction-number.ts';
import type { AuthenticateInput, BeginFailure } from '../../../workflows/contract.ts';
import type { AuthenticationMethod } from '../../../workflows/domain/transaction.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AuthenticationType, EnrolledDevice } from '../../ports.ts';
import { BEGIN_PATIENCE_MS } from '../../transactions.ts';
import { type BeginRequest, parseBeginRequest, parseIdempotencyKey } from './begin-request.ts';
import { canAnswer } from './can-answer.ts';
import { newTransactionId } from './transaction-id.ts';

/** Our own time on both sides of the workflow: what is handed over later than this was refused to the portal already. */
const REPLY_RESERVE_MS = 500;

/** How the user was reached; what the phone then asks for is the type's method, and the result names it. */
const AUTH_METHOD = 'push';

interface BegunReply {
  readonly transaction_id: string;
  readonly auth_method: string;
  /** Milliseconds. */
  readonly time_to_live: number;
  readonly device: { readonly name: string; readonly platform: string };
  /** Ours: to be shown to the user, who types it on the phone; only with `push_with_number`. */
  readonly number?: string;
}

/**
 * `POST /oauth/api/v4/authenticate/user`: begins a transaction and replies after the hand-off to the push provider, so
 * that the portal hears the real result. With `Idempotency-Key` the same request gives the same transaction.
 */
export function begin(dependencies: ApiDependencies): RequestHandler {
  const { types, enrolments, records, transactions, keyring, settings } = dependencies;

  return async (request, response) => {
    const client = clientOf(response);
    const form = parseBeginRequest(request.body);
    const idempotencyKey = parseIdempotencyKey(request.get('idempotency-key'));
    const type = await types.find(form.type);
    if (!type) throw new MobileAuthenticationError(3005);
    const message = messageOf(form, type, settings.messageMaxLength);

    const requestSha256 = keyring.lastingMac('idempotency', JSON.stringify(form)).toString('base64url');
    const transactionId = newTransactionId(keyring, client.id, idempotencyKey);
    const earlier =
      idempotencyKey === undefined ? undefined : await replyOfEarlier(transactionId, client.id, requestSha256, type);
    if (earlier) {
      response.json(earlier);
      return;
    }

    const device = await deviceFor(form, type.method);
    const timeToLiveMs = Math.min(type.timeToLiveSeconds, settings.transactionMaxSeconds) * 1_000;
    const input: AuthenticateInput = {
      transactionId,
      clientId: client.id,
      userId: form.user_id,
      applicationId: device.applicationId,
      deviceId: device.deviceId,
      enrolmentId: device.enrolmentId,
      policy: {
        typeName: type.name,
        version: type.version,
        method: type.method,
        timeToLiveMs,
        maxResends: type.maxResends,
        ...(type.method === 'push_with_number' && { numberDigits: type.numberDigits }),
      },
      callbackUri: form.callback_uri,
      message,
      ...(form.secure_message !== undefined && { secureMessage: form.secure_message }),
      ...(type.transactionSigning && form.signing_data !== undefined && { signingData: form.signing_data }),
      requestSha256,
      handOffWithinMs: idempotencyKey === undefined ? BEGIN_PATIENCE_MS - REPLY_RESERVE_MS : null,
    };
    const begun = await transactions.begin(input);
    if (begun === 'known') {
      const reply = await replyOfEarlier(transactionId, client.id, requestSha256, type);
      if (!reply) throw new AppError('unavailable');
      response.json(reply);
      return;
    }
    if (begun.requestSha256 !== requestSha256) throw new AppError('idempotency_key_reused');
    if (!begun.ok) throw errorOf(begun.code);
    const reply: BegunReply = {
      transaction_id: transactionId,
      auth_method: AUTH_METHOD,
      time_to_live: timeToLiveMs,
      device: { name: device.deviceName, platform: device.platform },
      ...(type.method === 'push_with_number' && {
        number: transactionNumberOf(keyring, transactionId, type.numberDigits),
      }),
    };
    response.json(reply);
  };

  /** The reply that a begin under this idempotency key got, or would have got, before. */
  async function replyOfEarlier(
    transactionId: string,
    clientId: string,
    requestSha256: string,
    type: AuthenticationType,
  ): Promise<BegunReply | undefined> {
    const record = await records.findForClient(transactionId, clientId);
    if (!record) return undefined;
    if (record.requestSha256 !== requestSha256) throw new AppError('idempotency_key_reused');
    const { outcome } = record;
    if (outcome?.status === 'failed' && outcome.reason === 'failed_to_send') throw new MobileAuthenticationError(1002);
    // Still on its way to the provider: the workflow knows, and its update is met again.
    if (!outcome && !record.isHandedOver) return undefined;
    return {
      transaction_id: transactionId,
      auth_method: AUTH_METHOD,
      time_to_live: record.timeToLiveMs,
      device: { name: record.deviceName ?? '', platform: record.platform ?? '' },
      ...(type.method === 'push_with_number' && {
        number: transactionNumberOf(keyring, transactionId, type.numberDigits),
      }),
    };
  }

  async function deviceFor(form: BeginRequest, method: AuthenticationMethod): Promise<EnrolledDevice> {
    const devices = await enrolments.listPushable(form.user_id);
    const device = devices.find(({ deviceId }) => deviceId === form.device_id);
    if (!device) throw new MobileAuthenticationError(1001);
    // Who could not answer this way is told to the portal now.
    if (!canAnswer(device, method)) throw new MobileAuthenticationError(1001);
    return device;
  }
}

function messageOf(form: BeginRequest, type: AuthenticationType, maxLength: number): string {
  const message = form.message ?? type.defaultMessages[form.language_code] ?? type.defaultMessages.en;
  if (message === undefined) throw new MobileAuthenticationError(1003, 'The parameter message is missing or invalid.');
  // Counted as a reader counts, not in UTF-16 halves.
  if ([...message].length > maxLength) throw new MobileAuthenticationError(1005);
  return message;
}

function errorOf(failure: BeginFailure): Error {
  return failure === 'provider_failed' ? new MobileAuthenticationError(1002) : new AppError('unavailable');
}
