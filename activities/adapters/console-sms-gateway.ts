import type { SmsMessage, SmsReceipt } from '../ports.ts';

/** Where messages are shown: a line of text at a time. */
export type Print = (line: string) => void;

/**
 * "Sends" by printing the message, number and code in clear: for developers, who have no other way to read it. It exists
 * only in processes that were told so by `SMS_CONSOLE_ENABLED`; elsewhere a gateway of this kind is misconfigured.
 */
export function createConsoleSmsGateway(print: Print): (message: SmsMessage) => Promise<SmsReceipt> {
  return async ({ to, from, text, transactionId, step }) => {
    print(`SMS to ${to}${from === null ? '' : ` from ${from}`}: ${JSON.stringify(text)}`);
    return { ok: true, providerMessageId: `console:${transactionId}-${step}` };
  };
}
