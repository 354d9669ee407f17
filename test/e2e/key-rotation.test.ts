import { randomBytes, randomUUID } from 'node:crypto';
import { verifyReceipt } from '../../dev/receipt/verify-receipt.ts';
import { waitUntil } from '../../dev/wait-until.ts';
import { createPortal, type Portal } from '../support/portal.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const PATIENCE = { withinMs: 120_000, pollMs: 20 };
const [PIN, NEW_PIN] = ['48151', '62342'];
const aKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;

/** A user at work: one transaction after the other, each insisted on as a careful portal and app would. */
interface User {
  readonly phone: Phone;
  /** Ids of those that were begun, in order; each ended as it should or is in `wrong`. */
  readonly begun: string[];
  readonly wrong: unknown[];
}

describe('every key, changed while users are at work', () => {
  let stack: Stack;
  let portal: Portal;
  const users: User[] = [];
  const [k1, k2] = [aKey('k1'), aKey('k2')];
  const working: Promise<void>[] = [];
  let isOver = false;

  beforeAll(async () => {
    stack = await startStack({ encryptionKeys: k1 });
    portal = stack.portal;
    for (let index = 0; index < 3; index += 1) {
      users.push({ phone: await stack.enrolPhone(`user-${index}`), begun: [], wrong: [] });
    }
    await stack.database
      .knex('authentication_types')
      .insert({ name: 'pin', method: 'push_with_pin', time_to_live_seconds: 120, max_resends: 0 });
    for (const user of users) working.push(work(user));
  });
  afterAll(async () => {
    isOver = true;
    await Promise.allSettled(working);
    await stack?.stop();
  });

  async function work(user: User): Promise<void> {
    while (!isOver) {
      await approveOne(user).catch((error: unknown) => user.wrong.push(error));
      if (user.wrong.length > 0) return;
    }
  }

  async function approveOne({ phone, begun }: User): Promise<void> {
    const headers = { 'idempotency-key': randomUUID() };
    const form = { type: 'push', user_id: phone.userId, device_id: phone.deviceId, message: 'Log in?' };
    let id = '';
    await waitUntil(
      async () => {
        const { status, body } = await portal.begin({ ...form, callback_uri: stack.callbacks.url }, headers);
        id = body.transaction_id;
        return status === 200;
      },
      { what: 'a begin', ...PATIENCE },
    );
    begun.push(id);
    await waitUntil(
      async () => {
        // Asked first, as the reply to an approval may be lost on the way.
        if ((await portal.result(id)).body.status === 'approved') return true;
        if (!(await phone.client.repeatApproval(id))) {
          await phone.client.approve(await phone.client.fetchChallenge(id));
        }
        return false;
      },
      { what: 'an approval', ...PATIENCE },
    );
    await stack.callbacks.waitFor(id);
  }

  /** Each user finishes two more: whatever is in force now was used from begin to callback. */
  async function twoMoreOfEach(): Promise<void> {
    const before = users.map(({ begun }) => begun.length);
    await waitUntil(
      async () => users.every(({ begun, wrong }, index) => wrong.length > 0 || begun.length > (before[index] ?? 0) + 2),
      { what: 'work under the new keys', ...PATIENCE },
    );
    expect(users.flatMap(({ wrong }) => wrong)).toEqual([]);
  }

  it('loses no transaction, and every receipt verifies', async () => {
    await twoMoreOfEach();

    // The installation's keys: known to all first, in use then.
    await stack.rollOut({ ENCRYPTION_KEYS: `+${k2},${k1}` });
    await twoMoreOfEach();
    await stack.rollOut({ ENCRYPTION_KEYS: `${k2},${k1}` });
    await twoMoreOfEach();

    // The key that signs receipts.
    expect((await portal.request('POST', '/admin/v1/keys/evidence/rotate')).status).toBe(202);
    await twoMoreOfEach();

    // The portal's secret: the one before stays good meanwhile.
    const rotated = await portal.request('POST', '/admin/v1/api-clients/demo-portal/secret', {
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(rotated.status).toBe(201);
    const before = portal;
    portal = createPortal(stack.apiUrl, { id: 'demo-portal', secret: rotated.body.secret });
    await twoMoreOfEach();
    expect((await before.available('user-0')).status).toBe(200);

    isOver = true;
    await Promise.all(working);
    expect(users.flatMap(({ wrong }) => wrong)).toEqual([]);

    const jwks = (await portal.request('GET', '/.well-known/jwks.json')).body;
    expect(jwks.keys).toHaveLength(2);
    const ids = users.flatMap(({ begun }) => begun);
    for (const id of ids) {
      const { body } = await portal.request('GET', `/oauth/api/v4/authenticate/transaction/${id}/receipt`);
      await verifyReceipt(body.receipt, jwks);
    }
    expect(await stack.database.knex('transactions').where({ status: 'approved' }).count()).toEqual([
      { count: String(ids.length) },
    ]);
    const sealed = await stack.database.knex('transactions').orderBy('id').pluck('sealed_message');
    const keyIds = sealed.map((text: string) => /k[12]/.exec(text)?.[0]);
    expect(new Set(keyIds)).toEqual(new Set(['k1', 'k2']));
  }, 600_000);

  it('and a phone changes its own keys and its PIN, which go on to count', async () => {
    const phone = users[0]?.phone as Phone;
    await phone.client.setPin(PIN);
    await phone.client.rotateKeys();
    expect(await phone.client.changePin(PIN, NEW_PIN)).toMatchObject({ status: 'changed' });
    const challenge = await phone.client.fetchChallenge(await stack.begin(phone, { type: 'pin' }));
    expect(await phone.client.approve(challenge, { pin: PIN })).toMatchObject({ status: 'pin_wrong' });
    expect(await phone.client.approve(challenge, { pin: NEW_PIN })).toEqual({ status: 'approved' });
  });
});
