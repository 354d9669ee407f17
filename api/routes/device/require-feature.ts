import type { RequestHandler } from 'express';
import { AppError } from '../../../runtime/errors.ts';
import type { FeatureStore } from '../../ports.ts';

/** Refuses what belongs to a transaction while mobile authentication is switched off. */
export function requireMobileAuthentication(features: FeatureStore): RequestHandler {
  return async (_request, _response, next) => {
    if (!(await features.read()).mobileAuthentication) throw new AppError('mobile_authentication_disabled');
    next();
  };
}
