import { type Stack, startStack } from '../support/stack.ts';

/** Events as lines of the log of the process that wrote them, for whoever collects logs. */
describe('the event log', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      env: { EVENT_LOG: 'true', EVENTS_EXCLUDED: 'PUSH_AUTH_INITIALIZED, MOBILE_AUTH_FETCH_SECURED_MESSAGE_FETCHED' },
    });
  });
  afterAll(() => stack?.stop());

  interface Line {
    readonly msg: string;
    readonly event?: { readonly name: string; readonly transaction_id: string | null; readonly user_id: string | null };
  }
  const linesOf = (output: string) =>
    output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line)
      .filter(({ msg }) => msg === 'event');

  it('has every event of api and worker, also those that are not kept', async () => {
    const phone = await stack.enrolPhone('alice');
    const transactionId = await stack.begin(phone, { message: 'a message of its own', secure_message: 'a secret' });
    await phone.client.approve(await phone.client.fetchChallenge(transactionId));
    await stack.callbacks.waitFor(transactionId);
    await stack.portal.result(transactionId);

    const kept = await stack.database.knex('events').where({ transaction_id: transactionId }).pluck('name');
    const excluded = ['PUSH_AUTH_INITIALIZED', 'MOBILE_AUTH_FETCH_SECURED_MESSAGE_FETCHED'];
    expect(kept).not.toEqual(expect.arrayContaining([expect.stringMatching(excluded.join('|'))]));
    // Ended, so that everything they had to say is here.
    await Promise.all([stack.api.stop(), stack.worker.stop()]);
    const ofApi = linesOf(stack.api.output());
    const ofWorker = linesOf(stack.worker.output());
    expect(ofApi.map(({ event }) => event?.name)).toEqual([
      ...['ENROLLMENT_INITIALIZED', 'KEY_ENROLLMENT_SUCCESS', 'PUSH_ENROLLMENT_SUCCESS'],
      'MOBILE_AUTH_FETCH_SECURED_MESSAGE_FETCHED',
      'PUSH_AUTH_TRANSACTION_RETRIEVED',
    ]);
    const logged = [...ofApi, ...ofWorker].filter(({ event }) => event?.transaction_id === transactionId);
    expect(logged.map(({ event }) => event?.name).sort()).toEqual([...kept, ...excluded].sort());
    expect(ofApi[1]?.event).toMatchObject({ user_id: 'alice', client_ip: '127.0.0.1', application_id: 'demo-app' });
    expect(stack.api.output() + stack.worker.output()).not.toMatch(/a message of its own|a secret/);
  });
});
