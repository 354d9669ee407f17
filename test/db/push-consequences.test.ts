import { recordPushAlarm } from '../../db/push-alarms.ts';
import { createPushEnrolments } from '../../db/push-enrolments.ts';
import { createPushTokenStore } from '../../db/push-tokens.ts';
import { APPLICATION_ID, createFixture, type Enrolled, type Fixture, sixteen } from './fixture.ts';

let fixture: Fixture;
let pushEnrolments: ReturnType<typeof createPushEnrolments>;
let pushTokens: ReturnType<typeof createPushTokenStore>;

beforeAll(async () => {
  fixture = await createFixture();
  pushEnrolments = createPushEnrolments(fixture.knex, fixture.keyring);
  pushTokens = createPushTokenStore(fixture.knex, fixture.keyring);
});

afterAll(() => fixture.database.drop());

describe('a push token that is gone', () => {
  let number = 0;

  async function enrol(): Promise<{ phone: Enrolled; pushToken: string; transactionId: string }> {
    number += 1;
    const pushToken = `token ${number}`;
    const phone = await fixture.enrol(`user-${number}`, { pushToken });
    return { phone, pushToken, transactionId: await fixture.open(phone) };
  }

  const end = ({
    phone,
    ...rest
  }: {
    phone: Enrolled;
    pushToken: string;
    transactionId: string;
    goneSinceMs?: number;
  }) =>
    pushEnrolments.end({
      enrolmentId: phone.enrolmentId,
      applicationId: APPLICATION_ID,
      providerCode: 'UNREGISTERED',
      ...rest,
    });

  const enrolmentOf = ({ enrolmentId }: Enrolled) => fixture.knex('enrolments').where({ id: enrolmentId }).first();
  const endings = ({ userId }: Enrolled) =>
    fixture.knex('events').where({ user_id: userId, name: 'PUSH_ENROLLMENT_ENDED' });

  it('is erased, and the enrolment stays for everything else; the event says why', async () => {
    const gone = await enrol();
    await end(gone);
    expect(await enrolmentOf(gone.phone)).toMatchObject({
      sealed_push_token: null,
      push_token_hmac: null,
      revoked_at: null,
    });
    expect(await endings(gone.phone)).toMatchObject([
      {
        transaction_id: gone.transactionId,
        application_id: APPLICATION_ID,
        device_id: gone.phone.deviceId,
        details: { reason: 'token_gone', providerCode: 'UNREGISTERED' },
      },
    ]);
  });

  it('is erased once, with one event, when sixteen pushes find it out at once', async () => {
    const gone = await enrol();
    await Promise.all(sixteen(() => end(gone)));
    expect(await endings(gone.phone)).toHaveLength(1);
  });

  it('stays when the phone has brought another one meanwhile', async () => {
    const gone = await enrol();
    const change = { ...gone.phone, applicationId: APPLICATION_ID, mode: 'single_device' } as const;
    await pushTokens.set({ ...change, pushToken: `${gone.pushToken}, newer`, oldPushToken: gone.pushToken });
    await end(gone);
    expect((await enrolmentOf(gone.phone)).push_token_hmac).not.toBeNull();
    expect(await endings(gone.phone)).toStrictEqual([]);
  });

  it('stays when the phone has brought the same one again after it was gone', async () => {
    const gone = await enrol();
    const { push_token_set_at: setAt } = await enrolmentOf(gone.phone);
    await end({ ...gone, goneSinceMs: setAt.getTime() - 1 });
    expect(await endings(gone.phone)).toStrictEqual([]);
    await end({ ...gone, goneSinceMs: setAt.getTime() + 1 });
    expect(await endings(gone.phone)).toHaveLength(1);
  });

  it('may be named by the phone as the one that a new token replaces, and no other may', async () => {
    const gone = await enrol();
    await end(gone);
    const change = { ...gone.phone, applicationId: APPLICATION_ID, mode: 'single_device' } as const;
    const pushToken = `${gone.pushToken}, newer`;
    const mismatch = { ok: false, code: 'push_token_mismatch' };
    expect(await pushTokens.set({ ...change, pushToken, oldPushToken: 'another' })).toStrictEqual(mismatch);
    const back = { ok: true, endedTransactionIds: [] };
    expect(await pushTokens.set({ ...change, pushToken, oldPushToken: gone.pushToken })).toStrictEqual(back);
    // The reply may have been lost.
    expect(await pushTokens.set({ ...change, pushToken, oldPushToken: gone.pushToken })).toStrictEqual(back);
    const third = `${pushToken}, and newer`;
    expect(await pushTokens.set({ ...change, pushToken: third, oldPushToken: gone.pushToken })).toStrictEqual(mismatch);
    const names = await fixture.knex('events').where({ user_id: gone.phone.userId }).orderBy('id').pluck('name');
    expect(names.slice(-2)).toStrictEqual(['PUSH_ENROLLMENT_ENDED', 'PUSH_ENROLLMENT_SUCCESS']);
  });

  it('has one successor when sixteen are brought at once', async () => {
    const gone = await enrol();
    await end(gone);
    const change = { ...gone.phone, applicationId: APPLICATION_ID, mode: 'single_device' } as const;
    const results = await Promise.all(
      sixteen((index) =>
        pushTokens.set({ ...change, pushToken: `${gone.pushToken}, ${index}`, oldPushToken: gone.pushToken }),
      ),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('is not an event of an enrolment that was revoked', async () => {
    const gone = await enrol();
    await fixture.revoke(gone.phone.enrolmentId);
    await end(gone);
    expect(await endings(gone.phone)).toStrictEqual([]);
  });
});

describe('the alarm of a push configuration', () => {
  const alarms = () => fixture.knex('events').where({ name: 'PUSH_CONFIGURATION_ALARM' }).orderBy('id');
  const alarmOf = (pushConfigurationId: string | null) =>
    ({ pushConfigurationId, failure: 'misconfigured', providerCode: 'http_401' }) as const;
  const makeOlder = (id: string) =>
    fixture.knex.raw("update push_configurations set alarmed_at = alarmed_at - interval '60 seconds' where id = ?", id);

  it('is raised once a minute, when sixteen pushes run into it at once', async () => {
    const { android, ios } = fixture.pushConfigurationIds;
    const names = await Promise.all(sixteen(() => recordPushAlarm(fixture.knex, alarmOf(android))));
    expect(names.filter((name) => name !== undefined)).toStrictEqual(['android']);
    expect((await alarms()).map(({ details }) => details)).toStrictEqual([
      { failure: 'misconfigured', providerCode: 'http_401', configuration: 'android', provider: 'fcm_http_v1' },
    ]);
    // Another configuration has alarms of its own.
    expect(await recordPushAlarm(fixture.knex, alarmOf(ios))).toBe('ios');
    expect(await recordPushAlarm(fixture.knex, alarmOf(android))).toBeUndefined();
    await makeOlder(android);
    expect(await recordPushAlarm(fixture.knex, alarmOf(android))).toBe('android');
    expect(await alarms()).toHaveLength(3);
  });

  it('has nobody to be raised for where there is no configuration', async () => {
    const before = (await alarms()).length;
    expect(await recordPushAlarm(fixture.knex, alarmOf(null))).toBeUndefined();
    expect(await alarms()).toHaveLength(before);
  });
});
