import { type Phone, type Stack, startStack } from '../support/stack.ts';

describe('a push transaction', () => {
  let stack: Stack;
  let phone: Phone;

  beforeAll(async () => {
    stack = await startStack();
    phone = await stack.enrolPhone('alice');
  });
  afterAll(() => stack?.stop());

  it('is approved on the phone, called back to the portal, and read as authenticated', async () => {
    const begun = await stack.portal.begin({
      type: 'push',
      user_id: 'alice',
      device_id: phone.deviceId,
      callback_uri: stack.callbacks.url,
      message: 'Log in to the bank?',
      secure_message: 'Log in from Utrecht with Firefox',
    });
    expect(begun).toMatchObject({
      status: 200,
      body: { auth_method: 'push', time_to_live: 120_000, device: { name: 'Phone of alice', platform: 'android' } },
    });
    const transactionId: string = begun.body.transaction_id;
    expect((await stack.portal.result(transactionId)).body).toMatchObject({
      status: 'pending',
      is_authenticated: false,
      user_id: 'alice',
    });

    const [pending] = await phone.client.pending();
    expect(pending).toMatchObject({ transactionId, message: 'Log in to the bank?' });
    const challenge = await phone.client.fetchChallenge(transactionId);
    expect(challenge).toMatchObject({ message: 'Log in from Utrecht with Firefox', type: 'push', method: 'push' });
    expect(await phone.client.approve(challenge)).toEqual({ status: 'approved' });

    const [callback] = await stack.callbacks.waitFor(transactionId);
    expect(callback?.body).toEqual({ callback_uri: stack.callbacks.url, transaction_id: transactionId });
    expect((await stack.portal.result(transactionId)).body).toEqual({
      callback_uri: stack.callbacks.url,
      transaction_id: transactionId,
      timestamp: expect.any(Number),
      user_id: 'alice',
      is_authenticated: true,
      authentication_method: 'push',
      status: 'approved',
      policy_version: 1,
    });
  });
});
