import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { z } from 'zod';
import type { EnrolReply } from '../../../runtime/device-wire.ts';
import { AppError } from '../../../runtime/errors.ts';
import { generateServerKey, isUsablePublicKey } from '../../../runtime/openpgp.ts';
import { callerOf } from '../../caller.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { verifyEnrolmentProof } from '../../device-authentication.ts';
import { endTransactions } from '../../end-transactions.ts';
import { noteSubject } from '../../event-subject.ts';
import { parse } from '../../parse.ts';
import type { EnrolmentFields, EnrolResult } from '../../ports.ts';
import { enrolRequest } from './enrol-request.ts';

/**
 * `POST /device/v1/enrolments`: binds a phone and its keys to the user whom a ticket or an access token proves, with a
 * push token or without. What it replaces has ended, its running transactions included, when the phone has the reply.
 */
export function enrol(dependencies: ApiDependencies): RequestHandler {
  const { enrolments, generalSettings, serverPgp, settings, verifyAccessToken } = dependencies;

  /** All or nothing. */
  async function bind(body: z.infer<typeof enrolRequest>, fields: EnrolmentFields): Promise<EnrolResult> {
    const { ticket, accessToken = '', applicationId = '' } = body;
    if (ticket) {
      const ticketSecretSha256 = createHash('sha256').update(ticket.secret).digest();
      return enrolments.enrol({ ...fields, ticketReference: ticket.reference, ticketSecretSha256 });
    }
    const userId = await verifyAccessToken?.(accessToken);
    if (userId === undefined) throw new AppError('access_token_invalid');
    return enrolments.enrolProven({ userId, applicationId }, fields);
  }

  return async (request, response) => {
    const body = parse(enrolRequest, request.body);
    const { device, app, pgpPublicKey, signingKey, pushToken } = body;
    noteSubject(response, { applicationId: body.applicationId, deviceId: device.id });
    const general = await generalSettings.read();
    if (!general.enrolmentEnabled) throw new AppError('enrolment_disabled');
    if (pushToken !== undefined && !general.pushEnrolmentEnabled) throw new AppError('push_enrolment_disabled');
    await verifyEnrolmentProof(request, signingKey, settings.publicUrl);
    if (!(await isUsablePublicKey(pgpPublicKey))) throw new AppError('request_invalid', 'pgpPublicKey');
    const result = await bind(body, {
      deviceId: device.id,
      deviceName: device.name,
      platform: device.platform,
      model: device.model,
      osVersion: device.osVersion,
      pgpPublicKey,
      signingKey,
      pushToken,
      mode: general.pushEnrolmentMode,
      appVersion: app?.version,
      serverKey: general.uniquePgpKeysEnabled ? await generateServerKey() : undefined,
      caller: callerOf(request),
    });
    if (!result.ok) {
      if (result.user) noteSubject(response, result.user);
      throw errorOf(result.code);
    }
    await endTransactions(dependencies, result.endedTransactionIds);
    const { enrolmentId, userId, applicationId } = result;
    const serverPgpPublicKey = result.serverPgpPublicKey ?? serverPgp.publicKey;
    const reply: EnrolReply = { enrolmentId, userId, applicationId, serverPgpPublicKey };
    response.status(201).json(reply);
  };
}

function errorOf(code: Extract<EnrolResult, { ok: false }>['code']): AppError {
  return code === 'application_unknown' ? new AppError('request_invalid', 'applicationId') : new AppError(code);
}
