import { createHmac } from 'node:crypto';
import type { MessageStatus, TwilioSms } from './message-resource.ts';
import type { TwilioAccount } from './twilio-account.ts';

const TIMEOUT_MS = 15_000;

/** Reports what becomes of messages. */
export interface StatusCallbacks {
  /** Posts these, one after the other, each when the one before was answered; nothing where no address was given. */
  report(sms: TwilioSms, stages: readonly MessageStatus[], errorCode: number | null): void;
  /** Resolves when nothing is being reported. */
  settled(): Promise<void>;
}

/** Signs as the real service does: HMAC-SHA1 of the address and the sorted parameters, by the account's token. */
export function createStatusCallbacks(account: TwilioAccount): StatusCallbacks {
  const underWay = new Set<Promise<void>>();

  async function post(sms: TwilioSms, status: MessageStatus, url: string): Promise<void> {
    const form: Record<string, string> = {
      AccountSid: account.accountSid,
      ApiVersion: '2010-04-01',
      From: sms.from ?? '',
      MessageSid: sms.id,
      MessageStatus: status,
      SmsSid: sms.id,
      SmsStatus: status,
      To: sms.to,
      ...(sms.messagingServiceSid !== null && { MessagingServiceSid: sms.messagingServiceSid }),
      ...(sms.errorCode !== null && { ErrorCode: String(sms.errorCode) }),
    };
    await fetch(url, {
      method: 'POST',
      headers: { 'x-twilio-signature': signatureOf(account.authToken, url, form) },
      body: new URLSearchParams(form),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  }

  async function reportAll(sms: TwilioSms, stages: readonly MessageStatus[], errorCode: number | null): Promise<void> {
    for (const [index, status] of stages.entries()) {
      sms.status = status;
      if (index === stages.length - 1) sms.errorCode = errorCode;
      // A report that nobody takes is lost, as it is with the real service.
      if (sms.statusCallback) await post(sms, status, sms.statusCallback).catch(() => undefined);
    }
  }

  return {
    report(sms, stages, errorCode) {
      const reporting = reportAll(sms, stages, errorCode);
      underWay.add(reporting);
      void reporting.finally(() => underWay.delete(reporting));
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

export function signatureOf(authToken: string, url: string, form: Readonly<Record<string, string>>): string {
  const names = Object.keys(form).sort();
  const text = url + names.map((name) => `${name}${form[name]}`).join('');
  return createHmac('sha1', authToken).update(text, 'utf8').digest('base64');
}
