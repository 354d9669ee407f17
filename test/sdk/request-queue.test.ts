import { createMobileAuth, type Receivers } from '../../sdk/index.ts';
import { createRequestQueue } from '../../sdk/request-queue.ts';
import { type DeviceServer, startDeviceServer } from './device-server.ts';
import { createPhone, enrolPhone } from './phone.ts';

describe('the queue', () => {
  /** Work that ends when it is told to. */
  const held = () => Promise.withResolvers<string>();

  it('does one thing at a time, in the order in which they came', async () => {
    const queue = createRequestQueue();
    const [first, second] = [held(), held()];
    const log: string[] = [];
    const one = queue.enter('one', async () => {
      log.push('one begins');
      await first.promise;
      log.push('one ends');
    });
    const two = queue.enter('two', async () => {
      log.push('two begins');
      await second.promise;
    });
    first.resolve('');
    await one;
    second.resolve('');
    await two;
    expect(log).toEqual(['one begins', 'one ends', 'two begins']);
  });

  it('refuses what is in it already, in hand or waiting, and takes it again afterwards', async () => {
    const queue = createRequestQueue();
    const { promise, resolve } = held();
    const inHand = queue.enter('a', () => promise);
    const waiting = queue.enter('b', async () => 'b');
    for (const id of ['a', 'b']) {
      await expect(queue.enter(id, async () => '')).rejects.toMatchObject({
        number: 9029,
        code: 'request_in_progress',
      });
    }
    resolve('a');
    await expect(Promise.all([inHand, waiting])).resolves.toEqual(['a', 'b']);
    await expect(queue.enter('a', async () => 'again')).resolves.toBe('again');
  });

  it('is bounded, and goes on after a failure', async () => {
    const queue = createRequestQueue();
    const { promise, reject } = held();
    const first = queue.enter('first', () => promise);
    const others = Array.from({ length: 16 }, (_, index) => queue.enter(`${index}`, async () => index));
    await expect(queue.enter('one too many', async () => '')).rejects.toMatchObject({
      number: 9007,
      code: 'queue_full',
    });
    reject(new Error('no'));
    await expect(first).rejects.toThrow('no');
    await expect(Promise.all(others)).resolves.toHaveLength(16);
  });
});

describe('requests', () => {
  let server: DeviceServer;
  beforeEach(async () => {
    server = await startDeviceServer();
  });
  afterEach(() => server.close());

  const push = (id: string) => ({
    content: JSON.stringify({
      ...{ og_transaction_id: id, og_profile_id: 'alice', og_message: 'Log in?' },
      ...{ timestamp: Date.now(), timeToLiveSeconds: 60 },
    }),
  });
  const enrolled = async (receivers: Receivers) => {
    const { client } = await enrolPhone(server);
    return createMobileAuth({ client, receivers });
  };
  const accepting: Receivers = { onConfirmation: (challenge) => challenge.accept() };

  it('come from the pending list or as the data of a push', async () => {
    const auth = await enrolled(accepting);
    const [listed, pushed] = [server.begin(), server.begin({ listed: false })];
    const [pending] = await auth.pendingRequests();
    if (!pending) throw new Error('nothing is pending');
    expect(auth.canHandlePush(push(pushed.id))).toBe(true);
    await expect(auth.handleRequest(pending)).resolves.toEqual({ transactionId: listed.id, status: 'approved' });
    await expect(auth.handleRequest(push(pushed.id))).resolves.toMatchObject({ status: 'approved' });
  });

  it('of other apps are refused with 10018', async () => {
    const auth = await enrolled(accepting);
    expect(auth.canHandlePush({ content: 'of another app' })).toBe(false);
    await expect(auth.handleRequest({ content: 'of another app' })).rejects.toMatchObject({ number: 10018 });
  });

  it('that are no code of this service are refused with 10018', async () => {
    const auth = await enrolled(accepting);
    expect(auth.canHandleOtp('https://app.example/open#code')).toBe(false);
    await expect(auth.handleRequest('https://app.example/open#code')).rejects.toMatchObject({
      number: 10018,
      code: 'otp_not_handleable',
    });
  });

  it('without a receiver are refused with 10018, and stay unanswered', async () => {
    const auth = await enrolled({});
    const transaction = server.begin();
    await expect(auth.handleRequest(push(transaction.id))).rejects.toMatchObject({
      number: 10018,
      code: 'request_not_handleable',
    });
    expect(transaction.status).toBe('pending');
  });

  it('are told to one place as they end', async () => {
    const told: unknown[] = [];
    const auth = await enrolled({
      ...accepting,
      onHandled: ({ message, userId }, { status }) => told.push([message, userId, status]),
      onFailed: ({ number }, request) => told.push([number, request?.message]),
    });
    await auth.handleRequest(push(server.begin().id));
    await expect(auth.handleRequest(push('unknown'))).rejects.toMatchObject({ number: 10013 });
    expect(told).toEqual([
      ['Pay 10 € to Bob?', 'alice', 'approved'],
      [10013, undefined],
    ]);
  });

  it('take the first word alone', async () => {
    const auth = await enrolled({
      onConfirmation(challenge) {
        challenge.accept();
        challenge.deny();
        challenge.cancel();
      },
    });
    const transaction = server.begin();
    await expect(auth.handleRequest(push(transaction.id))).resolves.toMatchObject({ status: 'approved' });
    expect(transaction.answers).toHaveLength(1);
  });

  it.each<[string, () => void | Promise<void>]>([
    [
      'throws',
      () => {
        throw new Error('no screen');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no screen'))],
  ])('whose receiver %s fail with that, and the next one has its turn', async (_how, breakDown) => {
    let isBroken = true;
    const auth = await enrolled({
      onConfirmation(challenge) {
        if (isBroken) return breakDown();
        challenge.accept();
      },
    });
    const [one, two] = [server.begin(), server.begin()];
    await expect(auth.handleRequest(push(one.id))).rejects.toThrow('no screen');
    isBroken = false;
    await expect(auth.handleRequest(push(two.id))).resolves.toMatchObject({ status: 'approved' });
  });

  it('are denied unopened, from the notification', async () => {
    const auth = await enrolled({});
    const transaction = server.begin();
    await expect(auth.denyRequest(push(transaction.id), { reason: 'not_me' })).resolves.toEqual({ status: 'denied' });
    expect(server.seenAt('/fetch')).toHaveLength(0);
  });

  it('need an enrolment', async () => {
    const auth = createMobileAuth({ client: createPhone(server).client, receivers: accepting });
    await expect(auth.handleRequest(push('any'))).rejects.toMatchObject({ number: 9021, code: 'not_enrolled' });
    await expect(auth.isEnrolledForMobileAuth()).resolves.toBe(false);
    await expect(auth.isEnrolledForPush()).resolves.toBe(false);
  });
});
