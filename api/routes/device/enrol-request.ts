import { z } from 'zod';
import { appVersion } from '../../app-version.ts';
import { identifier } from '../../identifier.ts';
import { pgpPublicKey, signingKey } from './public-keys.ts';
import { shortText } from './short-text.ts';

/** Body of an enrolment: {@link EnrolRequest} of runtime/device-wire.ts. The user is proven in one way exactly. */
export const enrolRequest = z
  .object({
    ticket: z.object({ reference: z.uuid(), secret: z.string().min(1).max(100) }).optional(),
    accessToken: z.string().min(1).max(16_384).optional(),
    applicationId: identifier.optional(),
    device: z.object({
      id: z.string().regex(/^[0-9a-f]{64}$/),
      name: shortText,
      platform: z.enum(['android', 'ios']),
      model: shortText.optional(),
      osVersion: shortText.optional(),
    }),
    app: z.object({ version: appVersion }).optional(),
    pgpPublicKey,
    signingKey,
    pushToken: z.string().min(1).max(4_096).optional(),
  })
  .refine((body) => (body.ticket === undefined) !== (body.accessToken === undefined), { path: ['ticket'] })
  .refine((body) => (body.accessToken === undefined) === (body.applicationId === undefined), {
    path: ['applicationId'],
  });
