import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { DeviceState } from '../../sdk/index.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const SHORT = 'short-message-7f3a';
const SECURE = 'secure-message-91bc';

describe('what must stay confidential', () => {
  let stack: Stack;
  let phone: Phone;
  let transactionId: string;

  beforeAll(async () => {
    stack = await startStack({ env: { LOG_LEVEL: 'trace' } });
    phone = await stack.enrolPhone('user-c0ffee');
    transactionId = await stack.begin(phone, { message: SHORT, secure_message: SECURE });
    await phone.client.approve(await phone.client.fetchChallenge(transactionId));
    await stack.callbacks.waitFor(transactionId);
    await stack.temporal.workflow.getHandle(`transaction:${transactionId}`).result();
  });
  afterAll(() => stack?.stop());

  const secrets = async (): Promise<string[]> => {
    const state = (await phone.store.load()) as DeviceState;
    return [
      SHORT,
      SECURE,
      phone.pushToken,
      stack.portal.credentials.secret,
      state.keys.signingKey.d,
      'user-c0ffee',
      state.deviceId,
    ];
  };

  it("stands in no payload of Temporal's history", async () => {
    const handle = stack.temporal.workflow.getHandle(`transaction:${transactionId}`);
    const history = historyToJSON(await handle.fetchHistory());
    const decoded = history.replace(/"data":"([A-Za-z0-9+/=]*)"/g, (_whole, data: string) =>
      Buffer.from(data, 'base64').toString('latin1'),
    );
    expect(history).toContain(Buffer.from('binary/encrypted').toString('base64'));
    for (const secret of await secrets()) expect(decoded).not.toContain(secret);
  });

  it('stands in no log, not even at the most talkative level', async () => {
    const logs = stack.api.output() + stack.worker.output();
    expect(logs).toContain('ready');
    for (const secret of await secrets()) expect(logs).not.toContain(secret);
  });

  it('stands sealed in the database, where it has to stand at all', async () => {
    const { rows } = await stack.database.knex.raw(
      `select (select json_agg(t)::text from transactions t) || (select json_agg(e)::text from enrolments e)
           || (select json_agg(v)::text from events v) || (select json_agg(c)::text from api_clients c) as dump`,
    );
    expect(rows[0].dump).toContain(transactionId);
    const [short, secure, pushToken, clientSecret] = await secrets();
    for (const secret of [short, secure, pushToken, clientSecret]) expect(rows[0].dump).not.toContain(secret);
  });
});
