import { AppError, MobileAuthenticationError } from '../../../runtime/errors.ts';
import type { SmsRefusal } from '../../../workflows/contract.ts';

/** What a portal hears of an SMS that was not sent. The worker that did not send it has written the event. */
export function smsErrorOf(refusal: SmsRefusal, retryAfterSeconds: number | undefined): Error {
  switch (refusal) {
    case 'sms_disabled':
      return new MobileAuthenticationError(3000, undefined, { event: null });
    case 'number_not_allowed':
      return new MobileAuthenticationError(3001, undefined, { event: null });
    case 'sms_not_sent':
      return new MobileAuthenticationError(3002);
    case 'sms_budget_exceeded':
      return new AppError('sms_budget_exceeded', undefined, {
        ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      });
  }
}
