import type { Payment } from './sessions.ts';

interface Subject {
  readonly purpose: 'login' | 'payment';
  readonly method: string;
  readonly userId: string | null;
  readonly payment: Payment | null;
}

/** The parameters of a begin that say what is asked. */
export interface Words {
  readonly message: string;
  readonly secure_message?: string;
}

/** What the phone shows: the short message travels in the push and says nothing, the secure one says it all. */
export function wordsFor({ purpose, method, userId, payment }: Subject): Words {
  const what = payment ? `Pay ${euros(payment.amountCents)} to ${payment.payee}` : 'Log in to Canal Bank';
  if (method === 'sms') return { message: `Canal Bank: {code} is your code. ${what}?` };
  return {
    message: purpose === 'payment' ? 'Canal Bank asks you to confirm a payment.' : 'Canal Bank asks: is it you?',
    secure_message: purpose === 'payment' || userId === null ? `${what}?` : `${what} as ${userId}?`,
  };
}

function euros(cents: number): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' }).format(cents / 100);
}
