import type { RequestHandler } from 'express';
import { callerOf } from '../../caller.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { deviceOf } from '../../device-authentication.ts';
import { endTransactions } from '../../end-transactions.ts';

/** `DELETE /device/v1/enrolment`: ends the enrolment that asks. 204; its keys are good for nothing from then on. */
export function disenrol(dependencies: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const ended = await dependencies.enrolmentChanges.disenrol(deviceOf(response).enrolmentId, callerOf(request));
    await endTransactions(dependencies, ended);
    response.status(204).end();
  };
}
