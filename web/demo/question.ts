/** What the server side of the bank tells of a question that was asked (api/routes/demo). */
export interface Question {
  readonly transactionId: string;
  readonly purpose: 'login' | 'payment';
  readonly userId: string | null;
  readonly method: Method;
  readonly phoneNumber: string | null;
  readonly payment: Payment | null;
  /** For the user to type on the phone. */
  readonly number: string | null;
  readonly isBySms: boolean;
  readonly eventsToken: string;
  readonly validForMs: number;
  readonly device: { readonly name: string } | null;
}

export interface Payment {
  readonly payee: string;
  readonly amountCents: number;
}

export type Method = 'push' | 'pin' | 'fingerprint' | 'number' | 'otp' | 'sms';

export const METHODS: readonly { readonly value: Method; readonly label: string; readonly about: string }[] = [
  { value: 'push', label: 'Confirm on the phone', about: 'One touch on your phone' },
  { value: 'pin', label: 'PIN', about: 'Type your PIN on your phone' },
  { value: 'fingerprint', label: 'Fingerprint', about: 'The sensor of your phone; the PIN stands in' },
  { value: 'number', label: 'Number', about: 'Type on your phone what stands here' },
  { value: 'otp', label: 'QR code', about: 'Scan it with your phone; no name needed' },
  { value: 'sms', label: 'SMS', about: 'A code to your number' },
];

/** How a question stands, by the server's word. */
export interface Standing {
  readonly status: 'pending' | 'approved' | 'denied' | 'failed' | 'expired' | 'cancelled';
  readonly method: string;
  readonly userId: string | null;
  readonly reason: string | null;
}

/** Fields of the form that asks. */
export interface Ask {
  readonly purpose: 'login' | 'payment';
  readonly method: Method;
  readonly userId?: string;
  readonly phoneNumber?: string;
  readonly payment?: Payment;
}

export function euros(cents: number): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' }).format(cents / 100);
}
