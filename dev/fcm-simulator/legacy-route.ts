import { randomBytes, timingSafeEqual } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { RequestHandler } from 'express';
import type { Behaviours } from '../simulated/behaviours.ts';
import type { PushLog } from '../simulated/push-log.ts';
import type { Behaviour } from './behaviours.ts';
import { sendLegacyError, sendLegacyResult } from './legacy-reply.ts';
import { isReservedKey, LONGEST_TTL_SECONDS, PAYLOAD_LIMIT_BYTES, payloadBytes } from './message-rules.ts';
import { misbehave } from './misbehave.ts';
import type { Registrations } from './registrations.ts';

/** What the legacy interface depends on. */
export interface LegacyDependencies {
  readonly serverKey: string;
  readonly registrations: Registrations;
  readonly behaviours: Behaviours<Behaviour>;
  readonly pushes: PushLog;
}

interface LegacyRequest {
  readonly to?: unknown;
  readonly dry_run?: unknown;
  readonly priority?: unknown;
  readonly time_to_live?: unknown;
  readonly data?: unknown;
  readonly notification?: unknown;
}

type Texts = Readonly<Record<string, string>>;

/** `POST /fcm/send`, the interface before v1: one message to one phone, by server key. */
export function createLegacyRoute(dependencies: LegacyDependencies): RequestHandler<never> {
  const { serverKey, registrations, behaviours, pushes } = dependencies;
  return async (request, response) => {
    if (!isSame(request.get('authorization') ?? '', `key=${serverKey}`)) return sendLegacyError(response, 401);
    const body = (request.body ?? {}) as LegacyRequest;
    if (!isShaped(body)) return sendLegacyError(response, 400);
    const fault = faultOf(body);
    if (fault) return sendLegacyError(response, fault);
    const to = body.to as string;
    if (body.dry_run === true && to.startsWith('/topics/')) {
      response.json({ message_id: Number.parseInt(randomBytes(5).toString('hex'), 16) });
      return;
    }
    const state = registrations.stateOf(to);
    if (state === 'malformed') return sendLegacyError(response, 'InvalidRegistration');
    const behaviour = behaviours.take(to);
    if (behaviour && (await misbehave(request, response, behaviour, 'legacy'))) return;
    if (state === 'unregistered') return sendLegacyError(response, 'NotRegistered');
    if (body.dry_run === true) return sendLegacyResult(response, { message_id: 'fake_message_id' });
    const { to: token, data, ...others } = body;
    pushes.add({ message: { token: token as string, ...(data !== undefined && { data }), ...others } });
    if (behaviour?.delayMs) await pause(behaviour.delayMs);
    sendLegacyResult(response, { message_id: `0:${Date.now() * 1_000}%${randomBytes(8).toString('hex')}` });
  };
}

function isShaped({ to, data, notification, dry_run, priority, time_to_live }: LegacyRequest): boolean {
  return (
    (to === undefined || typeof to === 'string') &&
    (data === undefined || isTexts(data)) &&
    (notification === undefined || isTexts(notification)) &&
    (dry_run === undefined || typeof dry_run === 'boolean') &&
    (priority === undefined || priority === 'high' || priority === 'normal') &&
    (time_to_live === undefined || Number.isInteger(time_to_live))
  );
}

function faultOf({ to, data, notification, time_to_live }: LegacyRequest): string | undefined {
  if (to === undefined || to === '') return 'MissingRegistration';
  if (Object.keys((data ?? {}) as Texts).some(isReservedKey)) return 'InvalidDataKey';
  if (time_to_live !== undefined && !(Number(time_to_live) >= 0 && Number(time_to_live) <= LONGEST_TTL_SECONDS)) {
    return 'InvalidTtl';
  }
  const bytes = payloadBytes((data ?? {}) as Texts) + payloadBytes((notification ?? {}) as Texts);
  return bytes > PAYLOAD_LIMIT_BYTES ? 'MessageTooBig' : undefined;
}

function isTexts(value: unknown): value is Texts {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((entry) => typeof entry === 'string')
  );
}

function isSame(given: string, wanted: string): boolean {
  return given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
}
