import type { SmsRefusal } from './contract.ts';

/** What the portal is to hear of an SMS that was not sent, by why it was not. */
export function smsRefusalOf(failure: string): SmsRefusal {
  switch (failure) {
    case 'budget_exceeded':
      return 'sms_budget_exceeded';
    case 'sms_disabled':
      return 'sms_disabled';
    case 'country_not_allowed':
      return 'number_not_allowed';
    default:
      return 'sms_not_sent';
  }
}
