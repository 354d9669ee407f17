import type { RequestHandler } from 'express';
import { AppError, MobileAuthenticationError } from '../../../runtime/errors.ts';
import type { AuthenticateInput, BeginReply } from '../../../workflows/contract.ts';
import type { Features } from '../../../workflows/domain/features.ts';
import { canAnswer } from '../../can-answer.ts';
import { clientOf } from '../../client-authentication.ts';
import { secureMessageOf } from '../../context/secure-message.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { noteSubject } from '../../event-subject.ts';
import type { AuthenticationType, EnrolledDevice } from '../../ports.ts';
import { BEGIN_PATIENCE_MS } from '../../transactions.ts';
import { begunReply } from './begin-reply.ts';
import { type Asked, parseAsked, parseBeginRequest, parseIdempotencyKey } from './begin-request.ts';
import { replyOfEarlierBegin } from './earlier-begin.ts';
import { type ApiVersion, devicesOf } from './push-target.ts';
import { refuseUnknownCallback } from './refuse-unknown-callback.ts';
import { shortMessageOf } from './short-message.ts';
import { smsErrorOf } from './sms-error.ts';
import { newTransactionId } from './transaction-id.ts';

/** Our own time on both sides of the workflow: what is handed over later than this was refused to the portal already. */
const REPLY_RESERVE_MS = 500;

/**
 * `POST …/authenticate/user`: begins a transaction and replies after the hand-off to the push provider or the SMS gateway,
 * so that the portal hears the real result. With `Idempotency-Key` the same request gives the same transaction.
 */
export function begin(dependencies: ApiDependencies, version: ApiVersion): RequestHandler {
  const { types, features, generalSettings, enrolments, records, transactions, keyring, settings } = dependencies;

  return async (request, response) => {
    const clientId = clientOf(response).id;
    const form = parseBeginRequest(request.body);
    noteSubject(response, { userId: form.user_id });
    const idempotencyKey = parseIdempotencyKey(request.get('idempotency-key'));
    const type = await types.find(form.type);
    if (!type) throw new MobileAuthenticationError(3005);
    const asked = parseAsked(form, type, version);
    const message = shortMessageOf(form, type, settings.messageMaxLength);
    await refuseUnknownCallback(dependencies, asked.callbackUri);

    const requestSha256 = keyring.lastingMac('idempotency', JSON.stringify(form)).toString('base64url');
    const transactionId = newTransactionId(keyring, clientId, idempotencyKey);
    const withEventsToken = form.events === 'true';
    const repeated = { transactionId, clientId, requestSha256, type, withEventsToken };
    const earlier = idempotencyKey !== undefined && (await replyOfEarlierBegin(records, keyring, repeated));
    if (earlier) {
      response.json(earlier);
      return;
    }

    const phoneNumber = await numberFor(asked);
    const on = await features.read();
    const isSigned = type.transactionSigning && on.transactionSigning;
    const device = await deviceFor(asked, type, { on, mayFallBack: phoneNumber !== undefined });
    // Nothing to push to: what would fall back on SMS begins by SMS.
    const isBySms = phoneNumber !== undefined && !device;
    const place = {
      type,
      shortMessage: message,
      subject: { transactionId, clientId, userId: form.user_id, deviceId: device?.deviceId },
    };
    const context = on.geolocation ? dependencies.context : { ...dependencies.context, geolocator: undefined };
    const secureMessage = isBySms ? form.secure_message : await secureMessageOf(context, form, place);
    const timeToLiveMs = Math.min(type.timeToLiveSeconds, settings.transactionMaxSeconds) * 1_000;
    const input: AuthenticateInput = {
      transactionId,
      clientId,
      userId: userOf(asked),
      applicationId: device?.applicationId ?? null,
      deviceId: device?.deviceId ?? null,
      enrolmentId: device?.enrolmentId ?? null,
      policy: {
        typeName: type.name,
        version: type.version,
        method: isBySms ? 'sms' : type.method,
        timeToLiveMs,
        maxResends: type.method === 'otp' ? 0 : type.maxResends,
        ...(type.method === 'push_with_number' && { numberDigits: type.numberDigits }),
        ...(phoneNumber !== undefined && { maxAttempts: type.maxAttempts }),
        ...(phoneNumber !== undefined && !isBySms && { fallback: 'sms' }),
      },
      callbackUri: asked.callbackUri,
      ...(phoneNumber !== undefined && { phoneNumber }),
      message,
      ...(secureMessage !== undefined && { secureMessage }),
      ...(isSigned && form.signing_data !== undefined && { signingData: form.signing_data }),
      requestSha256,
      handOffWithinMs: idempotencyKey === undefined ? BEGIN_PATIENCE_MS - REPLY_RESERVE_MS : null,
    };
    const begun = await transactions.begin(input);
    if (begun === 'known') {
      const reply = await replyOfEarlierBegin(records, keyring, repeated);
      if (!reply) throw new AppError('unavailable');
      response.json(reply);
      return;
    }
    if (begun.requestSha256 !== requestSha256) throw new AppError('idempotency_key_reused');
    if (!begun.ok) throw errorOf(begun);
    const { method } = begun;
    const { numberDigits } = type;
    response.json(begunReply(keyring, { transactionId, method, timeToLiveMs, numberDigits, device, withEventsToken }));
  };

  /** The number that an SMS may go to; undefined where none may. 3000 where nothing else was asked for. */
  async function numberFor(asked: Asked): Promise<string | undefined> {
    if (asked.by === 'otp' || asked.phoneNumber === null) return undefined;
    const { smsAuthenticationEnabled } = await generalSettings.read();
    if (smsAuthenticationEnabled) return asked.phoneNumber;
    if (asked.by === 'sms') throw new MobileAuthenticationError(3000);
    return undefined;
  }

  /** Who could not answer this way is told to the portal now, unless there is another way. */
  async function deviceFor(
    asked: Asked,
    type: AuthenticationType,
    { on, mayFallBack }: { readonly on: Features; readonly mayFallBack: boolean },
  ): Promise<EnrolledDevice | undefined> {
    if (asked.by !== 'push') return undefined;
    const meant = devicesOf(await enrolments.listEnrolled(asked.target.userId), asked.target);
    const [device, ...others] = meant.filter((it) => canAnswer(it, type.method, on));
    // Of several that the request could mean none is guessed.
    if (device && others.length === 0) return device;
    if (mayFallBack) return undefined;
    throw new MobileAuthenticationError(1001, undefined, { event: eventOfNoDevice(meant, others) });
  }
}

function userOf(asked: Asked): string | null {
  if (asked.by === 'otp') return null;
  return asked.by === 'sms' ? asked.userId : asked.target.userId;
}

function errorOf({ code, retryAfterSeconds }: BeginReply & { readonly ok: false }): Error {
  switch (code) {
    case 'provider_failed':
      return new MobileAuthenticationError(1002);
    case 'too_late':
    case 'storage_unavailable':
      return new AppError('unavailable');
    default:
      return smsErrorOf(code, retryAfterSeconds);
  }
}

/** Why nobody is asked: several could be, or they lack what their answer would need, or no push can reach them. */
function eventOfNoDevice(meant: readonly EnrolledDevice[], others: readonly EnrolledDevice[]): string {
  if (others.length > 0) return 'PUSH_AUTH_INIT_FAILURE_MULTIPLE_PUSH_ENROLLMENTS';
  return meant.some(({ hasPushToken }) => hasPushToken)
    ? 'PUSH_AUTH_INIT_FAILURE_AUTH_METHOD_NOT_AVAILABLE'
    : 'PUSH_AUTH_INIT_FAILURE_NO_PUSH_ENROLLMENT';
}
