import { loadDemoData } from '../../dev/demo-data.ts';
import { DEMO_WORD, startVerifierSimulator, type VerifierSimulator } from '../../dev/verifier-simulator.ts';
import {
  createDeviceClient,
  createMobileAuth,
  type DeviceError,
  type HandleableRequest,
  type Receivers,
} from '../../sdk/index.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const [PIN, WRONG_PIN] = ['48151', '99913'];

/** What the user does when asked: the first time, and each time after. */
type User = (told: { readonly number: string }) => Receivers;

interface Method {
  readonly type: string;
  readonly method: string;
  readonly right: User;
  /** Wrong the first time, right the second; what was shown goes to `log`. */
  readonly wrongFirst?: (told: { readonly number: string }, log: unknown[]) => Receivers;
  /** What is shown after the wrong one. */
  readonly afterWrong?: unknown;
  /** The method of the result then. */
  readonly methodAfterWrong?: string;
}

const logPin = (log: unknown[]): Pick<Receivers, 'onPin'> => ({
  onPin(challenge) {
    const { attempts, isNextAttempt, cause } = challenge;
    log.push({ attempts, isNextAttempt, cause: cause?.number, custom: cause?.custom?.status });
    challenge.accept(PIN);
  },
});

const METHODS: readonly Method[] = [
  {
    type: 'push',
    method: 'push',
    right: () => ({ onConfirmation: (challenge) => challenge.accept() }),
  },
  {
    type: 'otp',
    method: 'otp',
    right: () => ({ onOtp: (challenge) => challenge.accept() }),
  },
  {
    type: 'push-signing',
    method: 'push',
    right: () => ({ onConfirmation: (challenge) => challenge.request.signingData === 'Pay 10' && challenge.accept() }),
  },
  {
    type: 'push-pin',
    method: 'push_with_pin',
    right: () => ({ onPin: (challenge) => challenge.accept(PIN) }),
    wrongFirst: (_told, log) => ({
      onPin(challenge) {
        const { attempts, isNextAttempt } = challenge;
        log.push({ attempts, isNextAttempt });
        challenge.accept(isNextAttempt ? PIN : WRONG_PIN);
      },
    }),
    afterWrong: [
      { attempts: { maxFailureCount: 3, remainingFailureCount: 3 }, isNextAttempt: false },
      { attempts: { maxFailureCount: 3, remainingFailureCount: 2 }, isNextAttempt: true },
    ],
    methodAfterWrong: 'push_with_pin',
  },
  {
    type: 'push-fingerprint',
    method: 'push_with_fingerprint',
    right: () => ({ onBiometric: (challenge) => challenge.accept() }),
    wrongFirst: (_told, log) => ({ onBiometric: (challenge) => challenge.accept(), ...logPin(log) }),
    afterWrong: [{ attempts: { maxFailureCount: 3, remainingFailureCount: 3 }, isNextAttempt: false, cause: 9030 }],
    methodAfterWrong: 'push_with_pin',
  },
  {
    type: 'push-custom',
    method: 'push_with_custom_authenticator',
    right: () => ({ onCustom: (challenge) => challenge.accept(DEMO_WORD) }),
    wrongFirst: (_told, log) => ({ onCustom: (challenge) => challenge.accept('sesame seeds'), ...logPin(log) }),
    afterWrong: [
      { attempts: { maxFailureCount: 3, remainingFailureCount: 3 }, isNextAttempt: false, cause: 9027, custom: 4001 },
    ],
    methodAfterWrong: 'push_with_pin',
  },
  {
    type: 'push-number',
    method: 'push_with_number',
    right: ({ number }) => ({ onNumber: (challenge) => challenge.accept(number) }),
    wrongFirst: ({ number }, log) => ({
      onNumber(challenge) {
        const { attempts, isNextAttempt } = challenge;
        log.push({ attempts, isNextAttempt });
        challenge.accept(isNextAttempt ? number : `${number}0`);
      },
    }),
    afterWrong: [
      { attempts: { maxFailureCount: 3, remainingFailureCount: 3 }, isNextAttempt: false },
      { attempts: { maxFailureCount: 3, remainingFailureCount: 2 }, isNextAttempt: true },
    ],
    methodAfterWrong: 'push_with_number',
  },
];

/** Says the same to whatever it is asked. */
const always = (word: 'deny' | 'cancel' | 'nothing'): Receivers => {
  const answer = (challenge: { deny(reason?: 'not_me'): void; cancel(): void }): void => {
    if (word === 'deny') challenge.deny('not_me');
    if (word === 'cancel') challenge.cancel();
  };
  return {
    onConfirmation: answer,
    onPin: answer,
    onBiometric: answer,
    onCustom: answer,
    onNumber: answer,
    onOtp: answer,
  };
};

describe.each(METHODS)('$type', ({ type, method, right, wrongFirst, afterWrong, methodAfterWrong }) => {
  let phone: Phone;
  beforeAll(async () => {
    phone = await enrol(type);
  });

  it('is approved, and the result tells the method', async () => {
    const { transactionId, request, told } = await begin(phone, type);
    const auth = createMobileAuth({ client: phone.client, receivers: right(told) });
    await expect(auth.handleRequest(request)).resolves.toMatchObject({ transactionId, status: 'approved' });
    expect(await resultOf(transactionId)).toMatchObject({ is_authenticated: true, authentication_method: method });
  });

  it('is denied', async () => {
    const { transactionId, request } = await begin(phone, type);
    const auth = createMobileAuth({ client: phone.client, receivers: always('deny') });
    await expect(auth.handleRequest(request)).resolves.toEqual({ transactionId, status: 'denied' });
    expect(await resultOf(transactionId)).toMatchObject({ status: 'denied', is_authenticated: false });
  });

  it('is called off: denied for that reason, and told as a failure', async () => {
    const { transactionId, request } = await begin(phone, type);
    const failures: DeviceError[] = [];
    const receivers = { ...always('cancel'), onFailed: (error: DeviceError) => failures.push(error) };
    const auth = createMobileAuth({ client: phone.client, receivers });
    await expect(auth.handleRequest(request)).rejects.toMatchObject({ number: 9006, code: 'cancelled' });
    expect(failures).toMatchObject([{ number: 9006 }]);
    const [row] = await stack.database.knex('transactions').where({ id: transactionId });
    expect(row.outcome).toMatchObject({ status: 'denied', reason: 'cancelled' });
  });

  it('is handled once: a second call meanwhile is refused, and one afterwards finds it answered', async () => {
    const { request, told } = await begin(phone, type);
    const auth = createMobileAuth({ client: phone.client, receivers: right(told) });
    const [first, second] = await Promise.allSettled([auth.handleRequest(request), auth.handleRequest(request)]);
    expect(first).toMatchObject({ status: 'fulfilled', value: { status: 'approved' } });
    expect(second).toMatchObject({ status: 'rejected', reason: { number: 9029 } });
    await expect(auth.handleRequest(request)).rejects.toMatchObject({
      number: 10013,
      code: 'transaction_already_settled',
    });
  });

  it('is approved although the replies to fetch and answer are lost', async () => {
    const { transactionId, request, told } = await begin(phone, type);
    const lost = new Set<string>();
    const client = createDeviceClient({
      ...{ serverUrl: stack.apiUrl, store: phone.store, wait: async () => {} },
      async fetch(input, init) {
        const response = await fetch(input, init);
        const path = String(input).split('/').at(-1) as string;
        if (!['fetch', 'otp', 'answer'].includes(path) || lost.has(path)) return response;
        lost.add(path);
        await response.arrayBuffer();
        throw new TypeError('the connection broke');
      },
    });
    await expect(createMobileAuth({ client, receivers: right(told) }).handleRequest(request)).resolves.toMatchObject({
      status: 'approved',
    });
    expect([...lost]).toEqual([type === 'otp' ? 'otp' : 'fetch', 'answer']);
    expect(await resultOf(transactionId)).toMatchObject({ is_authenticated: true, authentication_method: method });
  });

  if (wrongFirst) {
    it('asks again after a wrong proof, and is approved by the right one', async () => {
      if (type === 'push-fingerprint') await takeAwayBiometricKey(phone);
      const { transactionId, request, told } = await begin(phone, type);
      const log: unknown[] = [];
      const auth = createMobileAuth({ client: phone.client, receivers: wrongFirst(told, log) });
      await expect(auth.handleRequest(request)).resolves.toMatchObject({ status: 'approved' });
      expect(log).toEqual(afterWrong);
      expect(await resultOf(transactionId)).toMatchObject({ authentication_method: methodAfterWrong });
    });
  }
});

it('is too late when the user does not answer, whatever is asked', async () => {
  const outcomes = METHODS.map(async ({ type }) => {
    const phone = await enrol(`late ${type}`);
    const { transactionId, request } = await begin(phone, `${type}-brief`);
    const auth = createMobileAuth({ client: phone.client, receivers: always('nothing') });
    const refusal: unknown = await auth.handleRequest(request).catch((error: unknown) => error);
    await stack.callbacks.waitFor(transactionId);
    return [type, (refusal as DeviceError).number, (await resultOf(transactionId)).status];
  });
  expect(await Promise.all(outcomes)).toEqual(METHODS.map(({ type }) => [type, 10013, 'expired']));
}, 180_000);

describe('the PIN in place of another proof', () => {
  it.each([
    ['push-fingerprint', 'onBiometric'],
    ['push-custom', 'onCustom'],
  ] as const)('is asked for when the user wants so (%s)', async (type, receiver) => {
    const phone = await enrol(`wanted ${type}`);
    const transactionId = await stack.begin(phone, { type });
    const log: unknown[] = [];
    const receivers = {
      [receiver]: (challenge: { fallBackToPin(): void }) => challenge.fallBackToPin(),
      ...logPin(log),
    };
    await expect(
      createMobileAuth({ client: phone.client, receivers }).handleRequest(pushOf(transactionId)),
    ).resolves.toMatchObject({
      status: 'approved',
    });
    expect(log).toMatchObject([{ isNextAttempt: false, cause: undefined }]);
  });

  it.each(['push-fingerprint', 'push-custom'])('is asked for where the app has no receiver (%s)', async (type) => {
    const phone = await enrol(`no receiver ${type}`);
    const transactionId = await stack.begin(phone, { type });
    const auth = createMobileAuth({ client: phone.client, receivers: logPin([]) });
    await expect(auth.handleRequest(pushOf(transactionId))).resolves.toMatchObject({ status: 'approved' });
  });

  it('is asked for where the phone has no biometric key', async () => {
    const phone = await stack.enrolPhone('no key');
    await phone.client.setPin(PIN);
    const transactionId = await stack.begin(phone, { type: 'push-fingerprint' });
    const log: unknown[] = [];
    const receivers: Receivers = {
      onBiometric() {
        log.push('biometric');
      },
      ...logPin(log),
    };
    const auth = createMobileAuth({ client: phone.client, receivers });
    await expect(auth.handleRequest(pushOf(transactionId))).resolves.toMatchObject({ status: 'approved' });
    expect(log).toMatchObject([{ cause: 9022 }]);
  });

  it("is told at the receiver when it can be nobody's, without a charge", async () => {
    const phone = await enrol('malformed');
    const transactionId = await stack.begin(phone, { type: 'push-pin' });
    const refusals: unknown[] = [];
    const receivers: Receivers = {
      onPin(challenge) {
        try {
          challenge.accept('123');
        } catch (error) {
          refusals.push((error as DeviceError).number);
        }
        challenge.accept(PIN);
      },
    };
    await createMobileAuth({ client: phone.client, receivers }).handleRequest(pushOf(transactionId));
    expect(refusals).toEqual([9009]);
    expect(await resultOf(transactionId)).toMatchObject({ used_authentication_attempts: 1 });
  });
});

describe('the last wrong one', () => {
  it('PIN ends the enrolment: 9003', async () => {
    const phone = await stack.enrolPhone('last pin');
    await phone.client.setPin(PIN);
    const transactionId = await stack.begin(phone, { type: 'push-pin' });
    const shown: unknown[] = [];
    const receivers: Receivers = {
      onPin(challenge) {
        shown.push(challenge.attempts?.remainingFailureCount);
        challenge.accept(WRONG_PIN);
      },
    };
    const auth = createMobileAuth({ client: phone.client, receivers });
    await expect(auth.handleRequest(pushOf(transactionId))).rejects.toMatchObject({
      number: 9003,
      code: 'user_deregistered',
    });
    expect(shown).toEqual([3, 2, 1]);
    await expect(auth.isEnrolledForMobileAuth()).resolves.toBe(false);
  });

  it('number fails the request alone: 9010', async () => {
    const phone = await stack.enrolPhone('last number');
    const transactionId = await stack.begin(phone, { type: 'push-number' });
    const auth = createMobileAuth({
      client: phone.client,
      receivers: { onNumber: (challenge) => challenge.accept('no number') },
    });
    await expect(auth.handleRequest(pushOf(transactionId))).rejects.toMatchObject({
      number: 9010,
      code: 'attempts_used_up',
    });
    await expect(auth.isEnrolledForMobileAuth()).resolves.toBe(true);
  });
});

let stack: Stack;
let verifier: VerifierSimulator;

beforeAll(async () => {
  stack = await startStack();
  verifier = await startVerifierSimulator({ port: 0, secret: 'verifier-secret' });
  const { knex } = stack.database;
  await loadDemoData(knex, {
    clientSecret: stack.portal.credentials.secret,
    fcm: { serviceAccountJson: JSON.stringify(stack.fcm.serviceAccount), endpoint: stack.fcm.url },
    verifier: verifier.settings,
    keyring: stack.keyring,
  });
  // The same types with a life of a few seconds.
  for (const { name, version: _, ...type } of await knex('authentication_types').select()) {
    const default_messages = JSON.stringify(type.default_messages);
    await knex('authentication_types').insert({
      ...type,
      default_messages,
      name: `${name}-brief`,
      time_to_live_seconds: 3,
    });
  }
});
afterAll(async () => {
  await verifier?.close();
  await stack?.stop();
});

async function enrol(userId: string): Promise<Phone> {
  const phone = await stack.enrolPhone(userId);
  await phone.client.setPin(PIN);
  await phone.client.registerBiometric();
  return phone;
}

async function begin(phone: Phone, type: string) {
  const isOtp = type.startsWith('otp');
  const { status, body } = await stack.portal.begin({
    ...{ type, message: 'Pay?', signing_data: 'Pay 10', callback_uri: stack.callbacks.url },
    // Whoever reads a code is asked.
    ...(!isOtp && { user_id: phone.userId, device_id: phone.deviceId }),
  });
  expect(status).toBe(200);
  const transactionId: string = body.transaction_id;
  const request = isOtp ? `https://app.example/open#${body.otp}` : pushOf(transactionId);
  return { transactionId, request, told: { number: body.number ?? '' } };
}

const resultOf = async (transactionId: string) => (await stack.portal.result(transactionId)).body;

/** The data of the push that the phone got. */
function pushOf(transactionId: string): HandleableRequest {
  return {
    ...{ og_transaction_id: transactionId, og_profile_id: 'whoever', og_message: 'Pay?' },
    ...{ timestamp: Date.now(), timeToLiveSeconds: 120 },
  };
}

/** As a wrong proof does, or an operator. */
async function takeAwayBiometricKey({ userId }: Phone): Promise<void> {
  await stack.database.knex('enrolments').where({ user_id: userId }).update({ biometric_key: null });
}
