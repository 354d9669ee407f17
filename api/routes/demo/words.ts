import Bowser from 'bowser';
import type { Payment } from './sessions.ts';

interface Subject {
  readonly purpose: 'login' | 'payment';
  readonly method: string;
  readonly userId: string | null;
  readonly payment: Payment | null;
}

/** What the phone shows: the short message travels in the push and says nothing, the secure one says it all. */
export function wordsFor(
  subject: Subject,
  userAgent: string | undefined,
): { message: string; secure_message?: string } {
  const { purpose, method, userId, payment } = subject;
  const what = payment ? `Pay ${euros(payment.amountCents)} to ${payment.payee}` : 'Log in to Canal Bank';
  if (method === 'sms') return { message: `Canal Bank: {code} is your code. ${what}?` };
  const who = userId === null ? '' : ` as ${userId}`;
  const context = `${who} with ${browserOf(userAgent)}`;
  return {
    message: purpose === 'payment' ? 'Canal Bank asks you to confirm a payment.' : 'Canal Bank asks: is it you?',
    secure_message: payment ? `${what}?` : `${what}${context}?`,
  };
}

function browserOf(userAgent: string | undefined): string {
  if (!userAgent) return 'an unknown browser';
  const { browser, os } = Bowser.parse(userAgent);
  return [browser.name ?? 'a browser', os.name && `on ${os.name}`].filter(Boolean).join(' ');
}

function euros(cents: number): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' }).format(cents / 100);
}
