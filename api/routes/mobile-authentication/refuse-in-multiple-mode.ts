import type { RequestHandler } from 'express';
import { MobileAuthenticationError } from '../../../runtime/errors.ts';
import type { ApiDependencies } from '../../dependencies.ts';

/** Where users have several devices only version 4 can name one: 404 with 4001 for every call of the others. */
export function refuseInMultipleMode({ generalSettings }: Pick<ApiDependencies, 'generalSettings'>): RequestHandler {
  return async (_request, _response, next) => {
    const { pushEnrolmentMode } = await generalSettings.read();
    if (pushEnrolmentMode === 'multiple_devices') throw new MobileAuthenticationError(4001);
    next();
  };
}
