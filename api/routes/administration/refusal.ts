import { AppError } from '../../../runtime/errors.ts';
import type { ResourceRefusal } from '../../ports.ts';

/** The problem that a refused change is. */
export function problemOf(refusal: ResourceRefusal): AppError {
  if (refusal.code !== 'request_invalid') return new AppError(refusal.code);
  return new AppError('request_invalid', undefined, { errors: refusal.errors });
}
