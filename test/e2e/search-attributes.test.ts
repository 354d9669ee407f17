import { waitUntil } from '../../dev/wait-until.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

describe('transactions in the list of Temporal', () => {
  let stack: Stack;
  let phone: Phone;

  beforeAll(async () => {
    stack = await startStack({ env: { TEMPORAL_SEARCH_ATTRIBUTES: 'true' } });
    phone = await stack.enrolPhone('alice');
  });
  afterAll(() => stack?.stop());

  const attributesOf = async (transactionId: string): Promise<Record<string, unknown>> => {
    const { typedSearchAttributes } = await stack.temporal.workflow
      .getHandle(`transaction:${transactionId}`)
      .describe();
    const ours = typedSearchAttributes.getAll().filter(({ key }) => key.name.startsWith('Countersign'));
    return Object.fromEntries(ours.map(({ key, value }) => [key.name, value]));
  };
  /** Registered in the background, and the list is written a little later than the history. */
  const eventually = (what: string, check: () => Promise<boolean>) =>
    waitUntil(check, { what, withinMs: 60_000, signal: new AbortController().signal });

  async function aFindable(): Promise<string> {
    let transactionId = '';
    await eventually('a transaction with attributes', async () => {
      transactionId = await stack.begin(phone);
      return 'CountersignStatus' in (await attributesOf(transactionId));
    });
    return transactionId;
  }

  it('are found by type, method, client and status, from their begin to their outcome', async () => {
    const transactionId = await aFindable();
    const pending = {
      CountersignType: 'push',
      CountersignMethod: 'push',
      CountersignClient: stack.portal.credentials.id,
      CountersignStatus: 'pending',
    };
    expect(await attributesOf(transactionId)).toStrictEqual(pending);
    await phone.client.deny(await phone.client.fetchChallenge(transactionId));
    await stack.temporal.workflow.getHandle(`transaction:${transactionId}`).result();
    expect(await attributesOf(transactionId)).toStrictEqual({ ...pending, CountersignStatus: 'denied' });

    const query = `CountersignStatus = 'denied' AND WorkflowId = 'transaction:${transactionId}'`;
    await eventually(
      'the transaction in the list',
      async () => (await stack.temporal.workflow.count(query)).count === 1,
    );
  });
});
