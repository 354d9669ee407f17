import { z } from 'zod';
import { oneSpanDomainBody } from '../../runtime/onespan-domain.ts';
import type { AdministeredResource } from '../ports.ts';
import { secretRotationBody } from '../routes/administration/client-secrets.ts';
import { ticketBody } from '../routes/administration/create-enrolment-ticket.ts';
import { pageQuery } from '../routes/administration/list-resource.ts';
import { previewBody } from '../routes/administration/preview-translation.ts';
import { staticPasswordBody } from '../routes/administration/set-static-password.ts';
import { pushTestBody } from '../routes/administration/test-push-configuration.ts';
import { problemFormat } from './error-formats.ts';
import { EXAMPLE } from './example-values.ts';
import { healthOperations } from './health.ts';
import { helpdeskOperations } from './helpdesk.ts';
import type { Operation, Surface } from './operation.ts';
import { emptyReply, jsonReply } from './replies.ts';
import { resourceOperations } from './resources.ts';
import { transactionOperations } from './transactions.ts';

const JSON_TYPE = 'application/json';
const text = z.string();
const as = { credential: 'operator' } as const;
const USER = { userId: EXAMPLE.userId, applicationId: 'demo-app' };
const DOMAIN = { applicationId: 'demo-app', typeName: 'push' };
const MESSAGES = {
  loginTitle: 'Login Request',
  loginSubject: 'Tap here to log in',
  loginText: 'Do you want to log in?',
  transactionTitle: 'Transaction Request',
  transactionSubject: 'Tap here to confirm transaction',
};

const domain = oneSpanDomainBody.extend({ name: text, version: z.int().optional() });
const SHOWN_DOMAIN = {
  ...{ name: 'bank', isDefault: false, ...DOMAIN, clientIds: [], requestMethod: 'Default' },
  ...{ keywords: [{ keyword: 'push', method: 'push' }], transactionMethod: 'push' },
  ...{ timeoutSeconds: 60, challengeSeconds: 180, passwordMaxAttempts: 5, ...MESSAGES },
};
const domainReply = jsonReply(200, 'The domain.', domain, SHOWN_DOMAIN);

const keyItem = z.object({
  ...{ id: text, purpose: text, kid: text.optional(), createdAt: z.iso.datetime(), inUse: z.boolean() },
  retiredAt: z.iso.datetime().optional(),
});

const OPERATIONS: readonly Operation[] = [
  {
    ...{
      credential: 'client',
      method: 'post',
      path: '/admin/v1/enrolment-tickets',
      summary: 'A one-time ticket to enrol by',
    },
    request: { mediaType: JSON_TYPE, schema: ticketBody, examples: { alice: { ...USER, lifetimeSeconds: 600 } } },
    replies: [
      jsonReply(
        201,
        'The secret is shown once.',
        z.object({
          ...{ reference: z.uuid(), secret: text, userId: text, applicationId: text, expiresAt: z.iso.datetime() },
        }),
        { reference: EXAMPLE.ticketReference, secret: EXAMPLE.secret, ...USER, expiresAt: EXAMPLE.expiresAt },
      ),
    ],
    errors: [],
  },
  {
    ...{ ...as, method: 'post', path: '/admin/v1/api-clients/{id}/secret', summary: 'Rotates the secret of a client' },
    request: {
      ...{ mediaType: JSON_TYPE, schema: secretRotationBody, isOptional: true },
      examples: { hour: { previousLifetimeSeconds: 3_600 } },
    },
    replies: [
      jsonReply(
        201,
        'The secret is shown once; the one before stays good for a while.',
        z.object({ secret: text, previousExpiresAt: z.iso.datetime().nullable() }),
        { secret: EXAMPLE.secret, previousExpiresAt: EXAMPLE.expiresAt },
      ),
    ],
    errors: ['resource_unknown', 'secret_rotation_open'],
  },
  {
    ...{ ...as, method: 'delete', path: '/admin/v1/api-clients/{id}/previous-secret' },
    summary: 'Ends the secret before the present one',
    replies: [emptyReply('It is good no more.')],
    errors: ['resource_unknown'],
  },
  {
    ...{ ...as, method: 'post', path: '/admin/v1/push-configurations/{name}/test' },
    summary: 'Has the provider check the credentials, without sending anything',
    request: {
      ...{ mediaType: JSON_TYPE, schema: pushTestBody, isOptional: true },
      examples: { token: { pushToken: EXAMPLE.pushToken } },
    },
    replies: [
      jsonReply(
        200,
        'What the provider said.',
        z.union([
          z.object({ result: z.literal('accepted'), providerMessageId: text }),
          z.object({ result: z.literal('refused'), failure: text, providerCode: text.optional() }),
          z.object({ result: z.literal('unsupported') }),
        ]),
        { result: 'refused', failure: 'token_invalid' },
      ),
    ],
    errors: ['resource_unknown'],
  },
  {
    ...{ ...as, method: 'get', path: '/admin/v1/keys', summary: "The server's keys, public facts alone" },
    replies: [
      jsonReply(200, 'The keys.', z.object({ items: z.array(keyItem) }), {
        items: [{ id: EXAMPLE.enrolmentId, purpose: 'openpgp', createdAt: EXAMPLE.createdAt, inUse: true }],
      }),
    ],
    errors: [],
  },
  {
    ...{ ...as, method: 'post', path: '/admin/v1/keys/evidence/rotate', summary: 'Retires the evidence key' },
    replies: [
      jsonReply(202, 'The workers make the next one.', z.object({ retired: text.nullable() }), {
        retired: EXAMPLE.enrolmentId,
      }),
    ],
    errors: [],
  },
  {
    ...{ ...as, method: 'post', path: '/admin/v1/translations/preview', summary: 'A text as phones would show it' },
    request: {
      ...{ mediaType: JSON_TYPE, schema: previewBody },
      examples: {
        template: { template: '[message]{ ([city])}', values: { message: 'Log in?', city: 'Utrecht' } },
        key: { key: 'mobileAuthentication.confirmation.template', locale: 'nl', values: { message: 'Inloggen?' } },
      },
    },
    replies: [jsonReply(200, 'The text.', z.object({ text }), { text: 'Log in? (Utrecht)' })],
    errors: ['resource_unknown'],
  },
  {
    ...{ ...as, method: 'get', path: '/admin/v1/onespan-domains', summary: 'Domains of the OneSpan surface' },
    query: { schema: pageQuery, example: { limit: '50' } },
    replies: [
      jsonReply(200, 'One page.', z.object({ items: z.array(domain), next: text.nullable() }), {
        ...{ items: [SHOWN_DOMAIN], next: null },
      }),
    ],
    errors: ['request_invalid'],
  },
  {
    ...{ ...as, method: 'get', path: '/admin/v1/onespan-domains/{name}', summary: 'A domain of the OneSpan surface' },
    replies: [domainReply],
    errors: [],
  },
  {
    ...{ ...as, method: 'put', path: '/admin/v1/onespan-domains/{name}', summary: 'Creates or replaces a domain' },
    request: { mediaType: JSON_TYPE, schema: oneSpanDomainBody, examples: { bank: DOMAIN } },
    replies: [domainReply],
    errors: [],
  },
  {
    ...{ credential: 'client', method: 'put', path: '/admin/v1/users/{user}/static-password' },
    summary: 'Sets a static password',
    request: {
      ...{ mediaType: JSON_TYPE, schema: staticPasswordBody },
      examples: { password: { staticPassword: EXAMPLE.password } },
    },
    replies: [emptyReply('Set, and unlocked.')],
    errors: [],
  },
];

/** What operators call. */
export function administrationSurface(resources: readonly AdministeredResource[]): Surface {
  return {
    name: 'Administration',
    description: 'Tickets, configuration, keys and the helpdesk.',
    errors: [
      ...(['client_unauthenticated', 'action_forbidden', 'too_many_failures', 'overloaded', 'unavailable'] as const),
      ...(['session_required', 'origin_refused'] as const),
    ],
    bodyErrors: ['request_invalid', 'body_too_large', 'media_type_unsupported'],
    errorFormat: problemFormat,
    operations: [
      ...OPERATIONS,
      ...transactionOperations,
      ...healthOperations,
      ...helpdeskOperations,
      ...resources.flatMap(resourceOperations),
    ],
  };
}
