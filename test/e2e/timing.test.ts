import { randomInt, randomUUID } from 'node:crypto';
import { makeLocalAccount } from '../../api/console/make-local-account.ts';
import { consolePage, logInToConsole } from '../support/console-operator.ts';
import { createOneSpanPortal, type OneSpanPortal } from '../support/onespan-portal.ts';
import { createPortal, type Portal, type PortalReply } from '../support/portal.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

/** Far more than noise moves a median, and far less than a password's hash takes beside the rest of a call. */
const BOUND = 2;
const CALLS_OF_EACH = 40;
const OPERATOR = { name: 'carol', password: 'correct horse battery' };

let stack: Stack;
let onespan: OneSpanPortal;
let stranger: Portal;
let phone: Phone;
let transactionId: string;

beforeAll(async () => {
  stack = await startStack({
    env: { CONSOLE_LOCAL_ACCOUNT: makeLocalAccount(OPERATOR.name, 'countersign_operator', OPERATOR.password) },
  });
  onespan = createOneSpanPortal(stack.portal);
  phone = await stack.enrolPhone('known');
  expect((await onespan.setPassword('known', 'correct-horse')).status).toBe(204);
  const { knex } = stack.database;
  const [client] = await knex('api_clients').where({ id: 'demo-portal' });
  await knex('api_clients').insert({ ...client, id: 'stranger', jwks: null });
  stranger = createPortal(stack.apiUrl, { id: 'stranger', secret: stack.portal.credentials.secret });
  transactionId = await stack.begin(phone);
});
afterAll(() => stack?.stop());

const median = (values: readonly number[]): number =>
  [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] as number;

type Call = () => Promise<PortalReply>;

/** Makes both kinds of calls in a random order, so that whatever slows the machine down slows both. */
async function compare(calls: readonly [Call, Call], prepare: () => Promise<unknown> = async () => {}): Promise<void> {
  const took: [number[], number[]] = [[], []];
  const replies = new Set<string>();
  // The first of each find cold caches and open connections.
  for (let round = -3; round < CALLS_OF_EACH; round += 1) {
    const first = randomInt(2);
    for (const kind of [first, 1 - first] as (0 | 1)[]) {
      await prepare();
      const startedAt = performance.now();
      const { status, body } = await calls[kind]();
      if (round >= 0) took[kind].push(performance.now() - startedAt);
      replies.add(JSON.stringify({ status, body }));
    }
  }
  expect([...replies]).toHaveLength(1);
  const ratio = median(took[0]) / median(took[1]);
  expect(ratio).toBeGreaterThan(1 / BOUND);
  expect(ratio).toBeLessThan(BOUND);
}

describe('neither the reply nor the time it takes tells', () => {
  it('which name the account of the console has, from a wrong password', async () => {
    const logIn = (name: string) => () =>
      consolePage(stack.apiUrl).request('POST', '/console/api/login', { name, password: 'wrong' });
    // Who gets in has made no mistakes before.
    const forgive = () => logInToConsole(stack.apiUrl, OPERATOR);
    await compare([logIn(OPERATOR.name), () => logIn(`nobody-${randomUUID()}`)()], forgive);
  });

  it('whether there is such a user, from a wrong password', async () => {
    await compare(
      [
        () => onespan.login('known', 'pushwrong-password'),
        () => onespan.login(`nobody-${randomUUID()}`, 'pushwrong-password'),
      ],
      // Counted wrong ones would lock the user, which is told.
      () => stack.database.knex('onespan_users').update({ password_failures: 0 }),
    );
  });

  it('whether a password was nearly right', async () => {
    await compare(
      [() => onespan.login('known', 'pushcorrect-hors_'), () => onespan.login('known', 'push_orrect-horse')],
      () => stack.database.knex('onespan_users').update({ password_failures: 0 }),
    );
  });

  it('whether there is such a user, to whoever begins for a device that is not theirs', async () => {
    const form = { type: 'push', device_id: '0'.repeat(64), callback_uri: stack.callbacks.url, message: 'Pay?' };
    await compare([
      () => stack.portal.begin({ ...form, user_id: 'known' }),
      () => stack.portal.begin({ ...form, user_id: `nobody-${randomUUID()}` }),
    ]);
  });

  it('whether there is such a transaction, to another client', async () => {
    await compare([() => stranger.result(transactionId), () => stranger.result(randomUUID())]);
  });
});

it('a right secret of a client and a wrong one differ in the reply, and a wrong one is like an unknown client', async () => {
  const as = (id: string, secret: string) => createPortal(stack.apiUrl, { id, secret }).available('known');
  const { secret } = stack.portal.credentials;
  expect((await as('demo-portal', secret)).status).toBe(200);
  const wrong = await as('demo-portal', `${secret.slice(0, -1)}_`);
  const unknown = await as(`nobody-${randomUUID()}`, secret);
  expect(wrong.status).toBe(401);
  expect(wrong.body).toEqual(unknown.body);
  expect(wrong.status).toBe(unknown.status);
});
