import type { RequestHandler } from 'express';
import { MobileAuthenticationError } from '../../../runtime/errors.ts';
import type { FeatureStore } from '../../ports.ts';

/** 1000 on every address of the surface while mobile authentication is switched off. */
export function requireMobileAuthentication(features: FeatureStore): RequestHandler {
  return async (_request, _response, next) => {
    if (!(await features.read()).mobileAuthentication) throw new MobileAuthenticationError(1000);
    next();
  };
}
