import { refuseAnswerContent } from '../../workflows/domain/answer.ts';
import type { AuthenticationMethod } from '../../workflows/domain/transaction.ts';

const APPROVAL = {
  purpose: 'answer',
  transactionId: 'transaction-1',
  enrolmentId: 'enrolment-1',
  decision: 'approve',
  nonce: 'the-nonce',
};
const PROOFS = {
  none: undefined,
  pin: { kind: 'pin', signature: 's' },
  biometric: { kind: 'biometric', signature: 's' },
  custom: { kind: 'custom', payload: 'p' },
  'custom without payload': { kind: 'custom' },
  number: { kind: 'number', number: '42' },
} as const;

const TAKEN: Readonly<Record<AuthenticationMethod, readonly (keyof typeof PROOFS)[]>> = {
  push: ['none', 'pin', 'biometric', 'custom', 'custom without payload', 'number'],
  push_with_pin: ['pin'],
  push_with_fingerprint: ['pin', 'biometric'],
  push_with_custom_authenticator: ['pin', 'custom', 'custom without payload'],
  push_with_number: ['number'],
  otp: ['none', 'pin', 'biometric', 'custom', 'custom without payload', 'number'],
  sms: [],
};

const judge = (method: AuthenticationMethod, proof: unknown, isSigned = false, more: object = {}) =>
  refuseAnswerContent(
    { ...APPROVAL, proof, ...more },
    { transactionId: 'transaction-1', enrolmentId: 'enrolment-1', nonce: 'the-nonce', method, isSigned },
  );

describe.each(Object.keys(TAKEN) as AuthenticationMethod[])('an approval by %s', (method) => {
  it.each(Object.keys(PROOFS) as (keyof typeof PROOFS)[])(
    'with the proof %s is taken only where it is strong enough',
    (name) => {
      expect(judge(method, PROOFS[name])).toBe(TAKEN[method].includes(name) ? undefined : 'answer_invalid');
    },
  );
});

it.each([[{ kind: 'pin' }], [{ kind: 'pin', signature: '' }], [{ kind: 'pin', signature: 7 }], [[]], ['pin'], [null]])(
  'a malformed proof of the PIN is none: %j',
  (proof) => {
    expect(judge('push_with_pin', proof)).toBe('answer_invalid');
  },
);

it('where data are to be signed, an approval without a signature is none', () => {
  expect(judge('push', undefined, true)).toBe('answer_invalid');
  expect(judge('push', undefined, true, { signature: '' })).toBe('answer_invalid');
  expect(judge('push', undefined, true, { signature: 'c2ln' })).toBeUndefined();
});
