import { z } from 'zod';
import { activateBody } from '../routes/onespan/activate-device.ts';
import { addDeviceBody } from '../routes/onespan/add-device.ts';
import { statusBody } from '../routes/onespan/check-registration-status.ts';
import { challengeBody } from '../routes/onespan/generate-challenge.ts';
import { loginBody } from '../routes/onespan/login.ts';
import { registerBody } from '../routes/onespan/register-user.ts';
import { visualCodeQuery } from '../routes/onespan/render-visual-code.ts';
import { validateBody } from '../routes/onespan/validate-transaction.ts';
import { oneSpanFormat } from './error-formats.ts';
import { EXAMPLE } from './example-values.ts';
import type { AnyCode, Operation, Reply, Surface } from './operation.ts';
import { emptyReply, jsonReply, textReply } from './replies.ts';

const text = z.string();
const id = z.uuid();
const USER = '/v1/users/{user}';
const REGISTRATION = '/v1/registrations/{id}';

const asked = z.object({
  ...{ sessionStatus: z.enum(['pending', 'accepted']), requestID: id, requestMessage: text.optional() },
  dataToSign: text.optional().describe('The bytes that the signature is over.'),
});
const ASKED = { sessionStatus: 'pending', requestID: EXAMPLE.transactionId };
const OF_THE_PHONE = [
  'user_asked_too_often',
  'no_authenticator',
  'gateway_failed',
  'user_refused',
  'timed_out',
] as const;

interface Call {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly summary: string;
  readonly schema?: z.ZodType;
  readonly examples?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly reply: Reply;
  readonly errors?: readonly AnyCode[];
}

const CALLS: readonly Call[] = [
  {
    ...{ method: 'post', path: '/v1/users/register', summary: 'Makes a user known, and begins a registration' },
    schema: registerBody,
    examples: { user: { userID: 'bob', staticPassword: EXAMPLE.password } },
    reply: jsonReply(
      200,
      'The activation password is a one-time enrolment ticket.',
      z.object({ registrationID: id, activationPassword: text, serialNumber: text }),
      {
        registrationID: EXAMPLE.registrationId,
        activationPassword: `${EXAMPLE.registrationId}.${EXAMPLE.secret}`,
        serialNumber: 'CSN0731942',
      },
    ),
    errors: ['user_exists'],
  },
  {
    ...{ method: 'get', path: USER, summary: 'What is known of a user' },
    reply: jsonReply(
      200,
      'The user.',
      z.object({
        ...{ userID: text, domain: text, locked: z.boolean(), staticPasswordSet: z.boolean() },
        devices: z.array(
          z.object({
            ...{ deviceID: text, name: text.nullable(), platform: text.nullable(), pushNotification: z.boolean() },
          }),
        ),
      }),
      {
        ...{ userID: EXAMPLE.userId, domain: 'demo', locked: false, staticPasswordSet: true },
        devices: [{ deviceID: EXAMPLE.deviceId, name: "alice's phone", platform: 'android', pushNotification: true }],
      },
    ),
  },
  {
    ...{ method: 'post', path: `${USER}/unregister`, summary: 'Forgets a user, and ends the phones of the app' },
    reply: emptyReply('Forgotten.'),
  },
  {
    ...{ method: 'post', path: `${USER}/login`, summary: 'Verifies a pass key and asks the phone, or verifies a code' },
    schema: loginBody,
    examples: {
      push: {
        objectType: 'LoginInput',
        credentials: { passKey: `push${EXAMPLE.password}` },
        orchestrationDelivery: ['pushNotification'],
        timeout: 0,
      },
    },
    reply: jsonReply(200, 'Asked; with a timeout, the outcome.', asked.omit({ dataToSign: true }), ASKED),
    errors: [...OF_THE_PHONE, 'authentication_failed', 'user_locked', 'request_id_invalid'],
  },
  {
    ...{ method: 'post', path: `${USER}/transactions/validate`, summary: 'Shows data on the phone, which signs them' },
    schema: validateBody,
    examples: {
      payment: {
        objectType: 'TransactionValidationInput',
        data: { transactionMessage: { dataFields: [{ key: { text: 'amount' }, value: { text: '10 euro' } }] } },
        orchestrationDelivery: ['pushNotification', 'requestMessage'],
        timeout: 0,
      },
    },
    reply: jsonReply(200, 'Asked; with a timeout, the outcome.', asked, { ...ASKED, dataToSign: 'amount: 10 euro' }),
    errors: [...OF_THE_PHONE, 'authentication_failed', 'user_locked'],
  },
  {
    ...{ method: 'post', path: `${USER}/generate-secure-challenge`, summary: 'A challenge sealed to the phone' },
    reply: jsonReply(200, 'To be drawn as a picture.', z.object({ requestID: id, requestMessage: text }), {
      requestID: EXAMPLE.transactionId,
      requestMessage: 'C15E03',
    }),
    errors: ['no_authenticator'],
  },
  {
    ...{ method: 'post', path: `${USER}/generate-challenge`, summary: 'Digits that the user types on the phone' },
    schema: challengeBody,
    examples: { six: { length: 6, checkDigit: false } },
    reply: jsonReply(200, 'The digits.', z.object({ challenge: text, requestID: id }), {
      challenge: EXAMPLE.challengeDigits,
      requestID: EXAMPLE.transactionId,
    }),
    errors: ['no_authenticator'],
  },
  {
    ...{ method: 'get', path: '/v1/sessions/{requestID}', summary: 'Where a question stands' },
    reply: jsonReply(
      200,
      'The state; `unknown` for what is not of this client.',
      z.object({
        sessionStatus: z.enum(['pending', 'accepted', 'refused', 'failure', 'timeout', 'unknown']),
        ...{ signature: text.optional(), userPublicKey: text.optional() },
      }),
      { sessionStatus: 'accepted' },
    ),
  },
  {
    ...{ method: 'post', path: '/v1/registrations/check-status', summary: 'Where the last registration stands' },
    schema: statusBody,
    examples: { user: { login: EXAMPLE.userId, domain: 'demo' } },
    reply: jsonReply(200, 'The state.', z.object({ activationStatus: text }), { activationStatus: 'activated' }),
  },
  {
    ...{ method: 'post', path: `${REGISTRATION}/add-device`, summary: 'The phone that has enrolled' },
    schema: addDeviceBody,
    examples: { code: { deviceCode: '1234567890' } },
    reply: jsonReply(
      200,
      'The phone.',
      z.object({
        ...{ registrationID: id, serialNumber: text, userID: text, domain: text.optional() },
        ...{ activationType: text, deviceType: text.nullable(), deviceStatus: text },
      }),
      {
        ...{ registrationID: EXAMPLE.registrationId, serialNumber: 'CSN0731942', userID: EXAMPLE.userId },
        ...{ domain: 'demo', activationType: 'onlineMDL', deviceType: 'android', deviceStatus: 'active' },
      },
    ),
    errors: ['registration_not_started'],
  },
  {
    ...{ method: 'post', path: `${REGISTRATION}/activate`, summary: 'Passes once the phone has enrolled' },
    schema: activateBody,
    examples: { signature: { signature: '0987654321' } },
    reply: jsonReply(200, 'Activated.', z.object({ registrationID: id, activationStatus: text }), {
      registrationID: EXAMPLE.registrationId,
      activationStatus: 'activated',
    }),
    errors: ['registration_not_started'],
  },
];

const visualCode: Operation = {
  ...{ method: 'get', path: '/v1/visualcodes/render', summary: 'A message as a QR code', credential: 'client' },
  query: { schema: visualCodeQuery, example: { format: 'QR', message: 'C15E03' } },
  replies: [textReply('The picture.', 'image/png', text, '(bytes of a PNG)')],
  errors: [],
};

/** What a portal of a OneSpan tenant calls. */
export const oneSpanSurface: Surface = {
  name: 'OneSpan',
  description: 'For portals that were written for a OneSpan Cloud Authentication tenant.',
  errors: [
    ...(['client_unauthenticated', 'too_many_failures', 'request_invalid', 'route_unknown'] as const),
    ...(['overloaded', 'unavailable'] as const),
  ],
  bodyErrors: ['body_too_large', 'media_type_unsupported'],
  errorFormat: oneSpanFormat,
  operations: [...CALLS.map(operationOf), visualCode],
};

function operationOf({ schema, examples = {}, reply, errors = [], ...call }: Call): Operation {
  return {
    ...call,
    credential: 'client',
    ...(schema && { request: { mediaType: 'application/json', schema, examples } }),
    replies: [reply],
    errors,
  };
}
