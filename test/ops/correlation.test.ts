import { type Phone, type Stack, startStack } from '../support/stack.ts';

describe('the way of a transaction through the logs', () => {
  let stack: Stack;
  let phone: Phone;
  let transactionId: string;
  const requestId = 'portal-7.request_0001';
  const unusable = [
    ['too short', 'short'],
    ['too long', 'x'.repeat(65)],
    ['with what could be more than an id', '12345678"},{"a":"b'],
    ['with spaces', '1234 5678 9012'],
  ] as const;
  const idsMadeFor = new Map<string, string | null>();

  beforeAll(async () => {
    stack = await startStack();
    phone = await stack.enrolPhone('user-c0ffee');
    const reply = await stack.portal.begin(
      {
        type: 'push',
        user_id: phone.userId,
        device_id: phone.deviceId,
        callback_uri: stack.callbacks.url,
        message: 'Log in?',
      },
      { 'x-request-id': requestId },
    );
    expect(reply.headers.get('x-request-id')).toBe(requestId);
    transactionId = reply.body.transaction_id;
    await phone.client.approve(await phone.client.fetchChallenge(transactionId));
    await stack.callbacks.waitFor(transactionId);
    await stack.portal.result(transactionId);
    for (const [, given] of unusable) {
      const { headers } = await stack.portal.request('GET', '/no/such/path', { headers: { 'x-request-id': given } });
      idsMadeFor.set(given, headers.get('x-request-id'));
    }
    // Ended, so that everything they had to say is here.
    await Promise.all([stack.api.stop(), stack.worker.stop()]);
  });
  afterAll(() => stack?.stop());

  // biome-ignore lint/suspicious/noExplicitAny: lines of a log, looked at field by field
  const linesOf = (output: string): any[] =>
    output.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));

  it('has a line for each request, which the id of the request and that of the transaction find', () => {
    const lines = linesOf(stack.api.output()).filter(({ msg }) => msg === 'request');
    expect(lines.find((line) => line.requestId === requestId)).toMatchObject({
      method: 'POST',
      status: 200,
      clientId: 'demo-portal',
      transactionId,
      durationMs: expect.any(Number),
    });
    const ofTransaction = lines.filter((line) => line.transactionId === transactionId);
    expect(ofTransaction.length).toBeGreaterThanOrEqual(4);
    expect(new Set(lines.map((line) => line.requestId)).size).toBe(lines.length);
    for (const { route } of lines) expect(route).not.toContain(transactionId);
  });

  it('has a line for each hand-over, with transaction and workflow', () => {
    const lines = linesOf(stack.worker.output());
    const workflowId = `transaction:${transactionId}`;
    expect(lines.filter(({ msg }) => msg === 'push')).toEqual([
      expect.objectContaining({ transactionId, workflowId, provider: 'fcm_http_v1', result: 'ok' }),
    ]);
    expect(lines.filter(({ msg }) => msg === 'callback')).toEqual([
      expect.objectContaining({ transactionId, workflowId, result: 'ok' }),
    ]);
  });

  it('names no user, device or token', () => {
    const logs = stack.api.output() + stack.worker.output();
    for (const personal of [phone.userId, phone.deviceId, phone.pushToken]) expect(logs).not.toContain(personal);
  });

  it.each(unusable)('has an id made here where the one given is %s', (_name, given) => {
    expect(idsMadeFor.get(given)).toMatch(/^[0-9a-f-]{36}$/);
    expect(stack.api.output()).not.toContain(given);
  });
});
