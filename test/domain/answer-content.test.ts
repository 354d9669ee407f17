import { refuseAnswerContent } from '../../workflows/domain/answer.ts';

const EXPECTED = {
  transactionId: 'transaction-1',
  enrolmentId: 'enrolment-1',
  nonce: 'the-nonce',
  method: 'push',
  isSigned: false,
} as const;

const APPROVAL = {
  purpose: 'answer',
  transactionId: 'transaction-1',
  enrolmentId: 'enrolment-1',
  decision: 'approve',
  nonce: 'the-nonce',
} as const;

const { nonce: _nonce, ...WITHOUT_NONCE } = APPROVAL;
const DENIAL = { ...WITHOUT_NONCE, decision: 'deny' } as const;

describe('takes', () => {
  it.each([
    ['an approval with the nonce of the challenge', APPROVAL],
    ['an approval with members it does not know', { ...APPROVAL, answeredAt: '2026-01-01T00:00:00Z', extra: [1] }],
    ['a denial that was given without opening the request', DENIAL],
    ['a denial because it was not me', { ...DENIAL, reason: 'not_me' }],
    ['a denial because I changed my mind', { ...DENIAL, reason: 'cancelled' }],
    ['a denial after reading the challenge', { ...DENIAL, nonce: 'the-nonce' }],
    // Refusing a denial could only help an attacker.
    ['a denial with a nonce from elsewhere', { ...DENIAL, nonce: 'another' }],
  ])('%s', (_name, content) => {
    expect(refuseAnswerContent(content, EXPECTED)).toBeUndefined();
  });
});

describe('says that the challenge was not read', () => {
  it.each([
    ['an approval without a nonce', WITHOUT_NONCE],
    ['with another nonce', { ...APPROVAL, nonce: 'another' }],
    ['with an empty nonce', { ...APPROVAL, nonce: '' }],
    ['with null for a nonce', { ...APPROVAL, nonce: null }],
    ['with the nonce in a list', { ...APPROVAL, nonce: ['the-nonce'] }],
    ['with the nonce in another case', { ...APPROVAL, nonce: 'THE-NONCE' }],
    ['with the nonce and more', { ...APPROVAL, nonce: 'the-nonce ' }],
  ])('%s', (_name, content) => {
    expect(refuseAnswerContent(content, EXPECTED)).toBe('challenge_not_read');
  });
});

describe('refuses as invalid', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'approve'],
    ['the approval as a string', JSON.stringify(APPROVAL)],
    ['a number', 1],
    ['true', true],
    ['an empty object', {}],
    ['an empty list', []],
    ['the approval in a list', [APPROVAL]],
    ['another purpose', { ...APPROVAL, purpose: 'challenge' }],
    ['the purpose of a reply', { ...APPROVAL, purpose: 'answer_reply' }],
    ['no purpose', { ...APPROVAL, purpose: undefined }],
    ['a foreign transaction', { ...APPROVAL, transactionId: 'transaction-2' }],
    ['a denial of a foreign transaction', { ...DENIAL, transactionId: 'transaction-2' }],
    ['no transaction', { ...APPROVAL, transactionId: undefined }],
    ['the transaction in a list', { ...APPROVAL, transactionId: ['transaction-1'] }],
    ['a foreign enrolment', { ...APPROVAL, enrolmentId: 'enrolment-2' }],
    ['a denial by a foreign enrolment', { ...DENIAL, enrolmentId: 'enrolment-2' }],
    ['no enrolment', { ...APPROVAL, enrolmentId: null }],
    ['an unknown decision', { ...APPROVAL, decision: 'maybe' }],
    ['a decision in another case', { ...APPROVAL, decision: 'Approve' }],
    ['a past tense', { ...APPROVAL, decision: 'approved' }],
    ['a yes that is a boolean', { ...APPROVAL, decision: true }],
    ['the decision in a list', { ...APPROVAL, decision: ['approve'] }],
    ['no decision', { ...APPROVAL, decision: undefined }],
    ['an unknown reason to deny', { ...DENIAL, reason: 'because' }],
    ['an empty reason to deny', { ...DENIAL, reason: '' }],
    ['null for a reason', { ...DENIAL, reason: null }],
    ['a reason in a list', { ...DENIAL, reason: ['not_me'] }],
  ])('%s', (_name, content) => {
    expect(refuseAnswerContent(content, EXPECTED)).toBe('answer_invalid');
  });
});

it('says of a foreign approval with the right nonce that it is invalid, and nothing of its nonce', () => {
  const foreign = { ...APPROVAL, transactionId: 'transaction-2', nonce: 'another' };
  expect(refuseAnswerContent(foreign, EXPECTED)).toBe('answer_invalid');
});
