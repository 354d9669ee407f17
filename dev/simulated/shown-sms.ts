import type { Shown } from './page.ts';
import type { SentSms } from './sms-outbox.ts';

/** What the page of a gateway shows. */
export function shownSms(title: string): Shown<SentSms> {
  return {
    title,
    listPath: '/simulator/messages',
    columns: { to: ({ to }) => to, from: ({ from }) => from, text: ({ body }) => body },
  };
}
