import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { RequestHandler } from 'express';
import type { Behaviours } from '../simulated/behaviours.ts';
import type { PushLog } from '../simulated/push-log.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { Behaviour } from './behaviours.ts';
import {
  FCM_REFUSALS,
  MALFORMED_TOKEN,
  permissionDenied,
  sendGoogleError,
  shapeError,
  unauthenticated,
} from './google-error.ts';
import { findFault, type Message } from './message-rules.ts';
import { shapeViolations } from './message-shape.ts';
import { misbehave } from './misbehave.ts';
import type { Registrations } from './registrations.ts';

/** What sending depends on. */
export interface SendDependencies {
  readonly projectId: string;
  readonly accessTokens: AccessTokens;
  readonly registrations: Registrations;
  readonly behaviours: Behaviours<Behaviour>;
  readonly pushes: PushLog;
}

interface SendRequest {
  readonly message?: Message;
  readonly validate_only?: boolean;
  readonly validateOnly?: boolean;
}

/** `POST /v1/projects/{project}/messages:send`: checks in the order of the real service, then does as it was told to. */
export function createSendRoute(dependencies: SendDependencies): RequestHandler<{ project: string }> {
  const { projectId, accessTokens, registrations, behaviours, pushes } = dependencies;
  return async (request, response) => {
    const [scheme = '', accessToken = ''] = (request.get('authorization') ?? '').split(' ');
    if (scheme.toLowerCase() !== 'bearer') return sendGoogleError(response, unauthenticated('CREDENTIALS_MISSING'));
    if (!accessTokens.isValid(accessToken)) {
      return sendGoogleError(response, unauthenticated('ACCESS_TOKEN_TYPE_UNSUPPORTED'));
    }
    const violations = shapeViolations(request.body);
    if (violations.length > 0) return sendGoogleError(response, shapeError(violations));
    if (request.params.project !== projectId) {
      return sendGoogleError(response, permissionDenied(request.params.project));
    }
    const body = request.body as SendRequest;
    const isDryRun = (body.validateOnly ?? body.validate_only) === true;
    const fault = findFault(body.message, isDryRun);
    if (fault) return sendGoogleError(response, fault);
    if (isDryRun && !body.message?.token) {
      response.json({ name: `projects/${projectId}/messages/fake_message_id` });
      return;
    }
    const message = body.message as Message & { token: string };

    const state = registrations.stateOf(message.token);
    if (state === 'malformed') return sendGoogleError(response, MALFORMED_TOKEN);
    const behaviour = behaviours.take(message.token);
    if (behaviour && (await misbehave(request as never, response, behaviour, 'http_v1'))) return;
    if (state === 'unregistered') return sendGoogleError(response, FCM_REFUSALS.UNREGISTERED);
    if (isDryRun) {
      response.json({ name: `projects/${projectId}/messages/fake_message_id` });
      return;
    }
    pushes.add({ message });
    if (behaviour?.delayMs) await pause(behaviour.delayMs);
    response.json({ name: `projects/${projectId}/messages/${newMessageId()}` });
  };
}

function newMessageId(): string {
  return `0:${Date.now() * 1_000}%${randomBytes(8).toString('hex')}`;
}
