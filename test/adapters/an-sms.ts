import { randomInt, randomUUID } from 'node:crypto';
import type { SmsMessage } from '../../activities/ports.ts';
import { OUR_NUMBER } from './simulated-sms.ts';

/** A mobile number of the Netherlands that no other test uses. */
export function aNumber(): string {
  return `+3161${randomInt(1_000_000, 9_999_999)}`;
}

/** A message as the activity makes it. */
export function anSms(fields: Partial<SmsMessage> = {}): SmsMessage {
  return {
    to: aNumber(),
    from: OUR_NUMBER,
    text: 'Your code is 012345.',
    code: '012345',
    validitySeconds: 90,
    transactionId: randomUUID(),
    step: 0,
    ...fields,
  };
}
