import type { Response } from 'express';
import { noteInLog } from '../runtime/log-context.ts';
import type { EventSubject } from './ports.ts';

declare global {
  namespace Express {
    interface Locals {
      /** Set by {@link noteSubject}. */
      eventSubject?: EventSubject;
    }
  }
}

/** Notes whom a request is about, as far as it is known by now: its event names them should it be refused. */
export function noteSubject(response: Response, subject: EventSubject): void {
  if (subject.transactionId) noteInLog({ transactionId: subject.transactionId });
  response.locals.eventSubject = { ...response.locals.eventSubject, ...subject };
}

/** Whom the request is about: what was noted, and the client or phone that was admitted. */
export function subjectOf({ locals }: Response): EventSubject {
  const { client, device, eventSubject } = locals;
  return {
    ...(client && { clientId: client.id }),
    ...(device && { userId: device.userId, applicationId: device.applicationId, deviceId: device.deviceId }),
    ...eventSubject,
  };
}
