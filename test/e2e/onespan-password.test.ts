import type { OneSpanPortal } from '../support/onespan-portal.ts';
import { type OneSpanStack, PASSWORD, startOneSpanStack } from '../support/onespan-stack.ts';

let stack: OneSpanStack;
let onespan: OneSpanPortal;

beforeAll(async () => {
  stack = await startOneSpanStack();
  ({ onespan } = stack);
});
afterAll(() => stack?.stop());

describe('a static password', () => {
  const AUTHENTICATION_FAILED = { error: 'Conflict', message: 'Authentication failed' };

  beforeAll(async () => {
    await stack.aUser('protected');
    await stack.enrolPhone('passwordless');
  });

  it.each([
    ['a wrong password', 'protected', 'pushwrong-password'],
    ['the keyword alone', 'protected', 'push'],
    ['the password alone', 'protected', PASSWORD],
    ['another keyword', 'protected', `Push${PASSWORD}`],
    ['an unknown user', 'nobody', `push${PASSWORD}`],
    ['an unknown domain', 'protected@nowhere', `push${PASSWORD}`],
    ['a user without a password', 'passwordless', `push${PASSWORD}`],
  ])('of %s is refused alike', async (_what, user, passKey) => {
    const { status, body, headers } = await onespan.login(user, passKey);
    expect({ status, body }).toEqual({ status: 409, body: AUTHENTICATION_FAILED });
    expect(headers.get('log-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is counted when wrong, made up for by a right one, and locks the user at the limit', async () => {
    const phone = await stack.aUser('counted');
    for (let time = 0; time < 4; time += 1) await onespan.login('counted', 'pushwrong-password');
    await stack.loginOf(phone);
    for (let time = 0; time < 5; time += 1) {
      expect(await onespan.login('counted', 'pushwrong-password')).toMatchObject({ body: AUTHENTICATION_FAILED });
    }
    const locked = { status: 409, body: { error: 'Conflict', message: 'User is locked' } };
    expect(await onespan.login('counted', `push${PASSWORD}`)).toMatchObject(locked);
    expect(await onespan.login('counted', 'pushwrong-password')).toMatchObject(locked);
    const events = await stack.database.knex('events').where({ name: 'ONESPAN_PASSWORD_LIMIT_EXCEEDED' });
    expect(events).toEqual([expect.objectContaining({ user_id: 'counted', client_id: 'demo-portal' })]);
    const refused = await stack.database.knex('events').where({ name: 'ONESPAN_REFUSED', user_id: 'counted' });
    const refusals = refused.map(({ details }) => details.refusal);
    expect(refusals.filter((refusal) => refusal === 'authentication_failed')).toHaveLength(9);
    expect(refusals.filter((refusal) => refusal === 'user_locked')).toHaveLength(2);
    await onespan.setPassword('counted', PASSWORD);
    await stack.loginOf(phone);
  });

  it('of sixteen wrong ones at once judges five', async () => {
    await stack.aUser('sixteen');
    const replies = await Promise.all(
      Array.from({ length: 16 }, (_, index) => onespan.login('sixteen', `pushwrong-${index}`)),
    );
    const messages = replies.map(({ body }) => body.message);
    expect(messages.filter((message) => message === 'Authentication failed')).toHaveLength(5);
    expect(messages.filter((message) => message === 'User is locked')).toHaveLength(11);
  });

  it('is kept as a hash that is slow to guess, and stands in no log', async () => {
    const phone = await stack.aUser('hidden');
    await stack.loginOf(phone);
    const { password_hash: hash } = await stack.database.knex('onespan_users').where({ user_id: 'hidden' }).first();
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(stack.api.output()).not.toContain(PASSWORD);
    expect(stack.worker.output()).not.toContain(PASSWORD);
  });
});
