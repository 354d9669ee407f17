import { logInBody } from '../routes/console/log-in.ts';
import { sessionView } from '../routes/console/session-view.ts';
import { problemFormat } from './error-formats.ts';
import { EXAMPLE } from './example-values.ts';
import type { Operation, Surface } from './operation.ts';
import { emptyReply, jsonReply } from './replies.ts';

const CONSOLE_REQUEST = {
  'console-request': {
    description: '`1` where somebody did something, `poll` where a page asks by itself.',
    isRequired: true,
    example: '1',
  },
};

const SESSION = {
  operator: 'operator',
  scopes: ['countersign_operator'],
  actions: ['read_transactions', 'cancel_transactions'],
  temporalUiUrl: 'https://shop.example/temporal/namespaces/default',
  expiresAtMs: EXAMPLE.createdAtMs,
};

const session = jsonReply(200, 'Who is logged in.', sessionView, SESSION);

const OPERATIONS: readonly Operation[] = [
  {
    ...{ credential: 'session', method: 'get', path: '/console/api/session', summary: 'Who is logged in' },
    headers: CONSOLE_REQUEST,
    replies: [session],
    errors: ['session_required'],
  },
  {
    ...{ credential: 'session', method: 'delete', path: '/console/api/session', summary: 'Logs out' },
    headers: CONSOLE_REQUEST,
    replies: [emptyReply('Every session of the operator has ended.')],
    errors: [],
  },
  {
    ...{ credential: 'none', method: 'post', path: '/console/api/login' },
    summary: 'Logs in with the configured account',
    headers: CONSOLE_REQUEST,
    request: {
      ...{ mediaType: 'application/json', schema: logInBody },
      examples: { operator: { name: 'operator', password: EXAMPLE.password } },
    },
    replies: [session],
    errors: ['operator_unauthenticated', 'too_many_failures'],
  },
];

/** How operators come in and leave; what they do is administration. */
export const consoleSurface: Surface = {
  name: 'Console',
  description: "Sessions of the operators' console.",
  errors: ['origin_refused', 'overloaded', 'unavailable'],
  bodyErrors: ['request_invalid', 'body_too_large', 'media_type_unsupported'],
  errorFormat: problemFormat,
  operations: OPERATIONS,
};
