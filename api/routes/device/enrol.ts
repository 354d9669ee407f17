import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { EnrolReply } from '../../../runtime/device-wire.ts';
import { AppError } from '../../../runtime/errors.ts';
import { isUsablePublicKey } from '../../../runtime/openpgp.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { verifyEnrolmentProof } from '../../device-authentication.ts';
import { parse } from '../../parse.ts';

const shortText = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u);
const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

const bodySchema = z.object({
  ticket: z.object({ reference: z.uuid(), secret: z.string().min(1).max(100) }),
  device: z.object({
    id: z.string().regex(/^[0-9a-f]{64}$/),
    name: shortText,
    platform: z.enum(['android', 'ios']),
    model: shortText.optional(),
    osVersion: shortText.optional(),
  }),
  pgpPublicKey: z.string().min(1).max(10_000),
  signingKey: z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate }),
  pushToken: z.string().min(1).max(4_096),
});

/** `POST /device/v1/enrolments`: binds a phone, its keys and its push token to the user that the ticket names. */
export function enrol({ enrolments, serverPgp, settings }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { ticket, device, pgpPublicKey, signingKey, pushToken } = parse(bodySchema, request.body);
    await verifyEnrolmentProof(request, signingKey, settings.publicUrl);
    if (!(await isUsablePublicKey(pgpPublicKey))) throw new AppError('request_invalid', 'pgpPublicKey');
    const result = await enrolments.enrol({
      ticketReference: ticket.reference,
      ticketSecretSha256: createHash('sha256').update(ticket.secret).digest(),
      deviceId: device.id,
      deviceName: device.name,
      platform: device.platform,
      model: device.model,
      osVersion: device.osVersion,
      pgpPublicKey,
      signingKey,
      pushToken,
    });
    if (!result.ok) throw new AppError(result.code);
    const { enrolmentId, userId, applicationId } = result;
    const reply: EnrolReply = { enrolmentId, userId, applicationId, serverPgpPublicKey: serverPgp.publicKey };
    response.status(201).json(reply);
  };
}
