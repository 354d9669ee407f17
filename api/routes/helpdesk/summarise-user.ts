import type { RequestHandler } from 'express';
import { ask } from '../../../workflows/domain/push-fatigue.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parse } from '../../parse.ts';
import { userParameter } from '../end-user/parameters.ts';
import { itemOf } from '../events/event-item.ts';
import { agentOf } from './agent.ts';
import { describeDevice } from './list-devices.ts';

const EVENTS_SHOWN = 20;

/**
 * `GET /admin/v1/users/{userId}/summary`: what a helpdesk wants to know first of a user: devices, whether they may be asked
 * by push, and the last events. Of a user who is not known it says that there is nothing.
 */
export function summariseUser(dependencies: ApiDependencies): RequestHandler {
  const { userDevices, askedUsers, generalSettings, events, auditTrail } = dependencies;
  return async (request, response) => {
    const { userId } = parse(userParameter, request.params);
    const agent = agentOf(request, response);
    const [devices, lastEvents, asked, { askingLimits }] = await Promise.all([
      userDevices.list(userId),
      events.page({ userId }, { offset: 0, size: EVENTS_SHOWN }),
      askedUsers.read(userId),
      generalSettings.read(),
    ]);
    await auditTrail.record({ name: 'ADMIN_DEVICES_LISTED', userId, ...agent });
    const nowMs = Date.now();
    // As a begin of this moment would be judged; nothing is reserved.
    const verdict = askingLimits && ask(asked.state, askingLimits, { transactionId: '', deadlineMs: nowMs }, nowMs);
    const refusal = verdict === null || verdict.ok ? undefined : verdict.refusal;
    response.json({
      userId,
      isEnrolled: devices.some(({ isEnrolled }) => isEnrolled),
      devices: devices.map(describeDevice),
      asking: {
        refusal: refusal?.reason ?? null,
        retryAfterMs: refusal && 'retryAfterMs' in refusal ? Math.ceil(refusal.retryAfterMs) : null,
        misses: asked.state.misses,
        waiting: Object.values(asked.state.pending).filter((deadlineMs) => deadlineMs > nowMs).length,
      },
      events: lastEvents.map(itemOf),
    });
  };
}
