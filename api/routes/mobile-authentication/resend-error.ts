import { AppError, MobileAuthenticationError } from '../../../runtime/errors.ts';
import type { ResendVerdict } from '../../../workflows/contract.ts';
import { smsErrorOf } from './sms-error.ts';

/** What a portal hears where nothing was sent again. */
export function resendErrorOf({ refusal, retryAfterSeconds }: ResendVerdict & { readonly ok: false }): Error {
  switch (refusal) {
    case 'already_settled':
    case 'expired':
      return new MobileAuthenticationError(3004);
    case 'resend_limit_reached':
      return new MobileAuthenticationError(3006);
    case 'provider_failed':
      return new MobileAuthenticationError(1002);
    case 'storage_unavailable':
      return new AppError('unavailable');
    default:
      return smsErrorOf(refusal, retryAfterSeconds);
  }
}
