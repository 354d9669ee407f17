import type { RequestHandler } from 'express';
import { z } from 'zod';
import { OneSpanError } from '../../../runtime/onespan-errors.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { noteSubject } from '../../event-subject.ts';
import { parse } from '../../parse.ts';
import { deliverySchema, timeoutSchema } from './delivery.ts';
import { findUser } from './find-user.ts';
import { replyAfterAsking } from './reply-after-asking.ts';

/** One line on the phone. A line break within would let one field look like two. */
const line = z.object({
  text: z
    .string()
    .min(1)
    .max(512)
    .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+$/u),
});

/** Body of a transaction to be signed. */
export const validateBody = z.object({
  objectType: z.enum(['TransactionValidationInput', 'AdaptiveTransactionValidationInput']),
  data: z.object({
    transactionMessage: z.object({
      dataFields: z
        .array(z.object({ key: line, value: line }))
        .min(1)
        .max(16),
    }),
  }),
  orchestrationDelivery: deliverySchema,
  timeout: timeoutSchema,
});

type DataField = z.infer<typeof validateBody>['data']['transactionMessage']['dataFields'][number];

/**
 * `POST /v1/users/{user[@domain]}/transactions/validate`: shows the data fields on the phone, where an approval signs
 * exactly what is shown. The reply tells in `dataToSign` (ours) the bytes that the signature is over.
 */
export function validateTransaction(dependencies: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const clientId = clientOf(response).id;
    const { data, orchestrationDelivery, timeout } = parse(validateBody, request.body);
    const user = await findUser(dependencies.oneSpanDomains, clientId, request.params.user as string);
    if (user) noteSubject(response, { userId: user.userId, applicationId: user.domain.applicationId });
    // Whoever is no user here has no phone either.
    if (!user) throw new OneSpanError('no_authenticator');
    const { transactionTitle: title, transactionSubject: subject, transactionMethod: method } = user.domain;
    const dataToSign = data.transactionMessage.dataFields.map(lineOf).join('\n');
    const question = { clientId, user, method, title, subject, text: title, signingData: dataToSign };
    const delivery = orchestrationDelivery;
    await replyAfterAsking(dependencies, response, { ...question, delivery }, timeout, { dataToSign });
  };
}

function lineOf({ key, value }: DataField): string {
  return `${key.text}: ${value.text}`;
}
