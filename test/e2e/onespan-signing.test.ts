import { createVerify } from 'node:crypto';
import { verifyReceipt } from '../../dev/receipt/verify-receipt.ts';
import { ONESPAN_REFUSALS } from '../../runtime/onespan-errors.ts';
import type { OneSpanPortal } from '../support/onespan-portal.ts';
import { type OneSpanStack, startOneSpanStack } from '../support/onespan-stack.ts';

let stack: OneSpanStack;
let onespan: OneSpanPortal;

beforeAll(async () => {
  stack = await startOneSpanStack();
  ({ onespan } = stack);
});
afterAll(() => stack?.stop());

describe('a transaction to be signed', () => {
  const FIELDS = { beneficiary: 'J. Jansen', iban: 'NL91ABNA0417164300', amount: '10.00 EUR' };

  it('shows its data on the phone, which signs what is shown', async () => {
    const phone = await stack.aUser('signer');
    const { body } = await onespan.validate('signer', FIELDS);
    const shown = 'beneficiary: J. Jansen\niban: NL91ABNA0417164300\namount: 10.00 EUR';
    expect(body).toEqual({ sessionStatus: 'pending', requestID: expect.any(String), dataToSign: shown });
    const challenge = await phone.client.fetchChallenge(body.requestID);
    expect(challenge.signingData).toBe(shown);
    await phone.client.approve(challenge);
    const session = await stack.sessionOf(body.requestID);
    expect(session).toEqual({
      sessionStatus: 'accepted',
      signature: expect.any(String),
      userPublicKey: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----/),
    });
    const verifier = createVerify('sha256').update(body.dataToSign);
    expect(verifier.verify(session.userPublicKey, session.signature, 'base64')).toBe(true);
    const receipt = await stack.portal.request(
      'GET',
      `/oauth/api/v4/authenticate/transaction/${body.requestID}/receipt`,
    );
    const keySet = await (await fetch(`${stack.apiUrl}/.well-known/jwks.json`)).json();
    const { claims } = await verifyReceipt(receipt.body.receipt, keySet);
    expect(claims).toMatchObject({ user_id: 'signer', outcome: { status: 'approved' } });
  });

  it('is refused by the user, and is told to a call that waits', async () => {
    const phone = await stack.aUser('no-signer');
    const waiting = onespan.validate('no-signer', FIELDS, { timeout: 60 });
    const [pending] = await stack.pendingOf(phone);
    await phone.client.deny(pending?.transactionId as string);
    expect(await waiting).toMatchObject({ status: 409, body: { message: 'User refused' } });
  });

  it('takes no field that could look like two, and no user without a phone', async () => {
    await stack.aUser('line-breaker');
    const broken = await onespan.validate('line-breaker', { amount: '1.00\namount: 100.00' });
    expect(broken).toMatchObject({
      status: 400,
      body: { error: 'Bad Request', validationErrors: [{ message: expect.stringContaining('dataFields') }] },
    });
    expect(await onespan.validate('nobody', FIELDS)).toMatchObject({
      status: 409,
      body: { message: ONESPAN_REFUSALS.no_authenticator },
    });
  });
});
