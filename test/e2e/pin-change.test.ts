import type { DeviceState } from '../../sdk/index.ts';
import { createDeviceClient } from '../../sdk/index.ts';
import { createRawPhone } from '../support/raw-phone.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const [OLD, NEW, WRONG] = ['48151', '62342', '99913'];

describe('a change of the PIN', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack?.stop());

  const enrolWithPin = async (userId: string) => {
    const phone = await stack.enrolPhone(userId);
    await phone.client.setPin(OLD);
    return phone;
  };
  const approveWith = async (phone: Phone, pin: string) => {
    const transactionId = await stack.begin(phone, { type: 'push-pin' });
    return phone.client.approve(await phone.client.fetchChallenge(transactionId), { pin });
  };
  const eventsOf = (userId: string) => stack.database.knex('events').where({ user_id: userId }).pluck('name');
  const resultOf = async (transactionId: string) => (await stack.portal.result(transactionId)).body;
  /** The same phone over a connection that loses replies to changes as long as `losing.replies` says so. */
  const overBadConnection = (phone: Phone) => {
    const losing = { replies: true };
    const client = createDeviceClient({
      serverUrl: stack.apiUrl,
      store: phone.store,
      wait: async () => {},
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (!losing.replies || !String(input).endsWith('/pin-key/change')) return response;
        await response.arrayBuffer();
        throw new TypeError('the connection broke');
      },
    });
    return { client, losing };
  };

  it('makes the new PIN the right one, and the old one a wrong one', async () => {
    const phone = await enrolWithPin('change-right');
    expect(await phone.client.changePin(OLD, NEW)).toEqual({ status: 'changed' });
    expect(await approveWith(phone, OLD)).toEqual({ status: 'pin_wrong', attemptsLeft: 2 });
    expect(await approveWith(phone, NEW)).toEqual({ status: 'approved' });
    expect(await phone.client.changePin(NEW, OLD)).toEqual({ status: 'changed' });
    expect(await approveWith(phone, OLD)).toEqual({ status: 'approved' });
    expect((await eventsOf('change-right')).filter((name) => name === 'ENROLLMENT_PIN_CHANGED')).toHaveLength(2);
  });

  it('counts a wrong old PIN together with those of answers; the last one ends the enrolment and what it was asked', async () => {
    const phone = await enrolWithPin('change-wrong');
    expect(await approveWith(phone, WRONG)).toEqual({ status: 'pin_wrong', attemptsLeft: 2 });
    expect(await phone.client.changePin(WRONG, NEW)).toEqual({ status: 'pin_wrong', attemptsLeft: 1 });
    const running = await stack.begin(phone);
    expect(await phone.client.changePin(WRONG, NEW)).toEqual({ status: 'failed' });
    expect(await phone.client.isEnrolled()).toBe(false);
    await expect(phone.client.pending()).rejects.toMatchObject({ code: 'enrolment_unknown' });
    expect(await resultOf(running)).toMatchObject({ status: 'cancelled' });
    expect(await eventsOf('change-wrong')).toContain('PUSH_AUTH_VALIDATION_PIN_LIMIT_EXCEEDED');
  });

  it('is known to the phone although every reply to it was lost', async () => {
    const phone = await enrolWithPin('change-lost');
    const { client } = overBadConnection(phone);
    await expect(client.changePin(OLD, NEW)).rejects.toMatchObject({ code: 'network_failed' });
    expect(await approveWith(phone, NEW)).toEqual({ status: 'approved' });
    expect(((await phone.store.load()) as DeviceState).enrolment).not.toHaveProperty('pinChanges');
  });

  it('that is begun anew after a lost reply tells that the first one counts', async () => {
    const phone = await enrolWithPin('change-again');
    const { client, losing } = overBadConnection(phone);
    await expect(client.changePin(OLD, NEW)).rejects.toMatchObject({ code: 'network_failed' });
    losing.replies = false;
    expect(await client.changePin(OLD, '71834')).toEqual({ status: 'changed_before' });
    expect(await approveWith(phone, NEW)).toEqual({ status: 'approved' });
  });

  it('that never arrived leaves the old PIN the right one', async () => {
    const phone = await enrolWithPin('change-unheard');
    const client = createDeviceClient({
      serverUrl: stack.apiUrl,
      store: phone.store,
      wait: async () => {},
      fetch: async (input, init) => {
        if (String(input).endsWith('/pin-key/change')) throw new TypeError('no connection');
        return fetch(input, init);
      },
    });
    await expect(client.changePin(OLD, NEW)).rejects.toMatchObject({ code: 'network_failed' });
    expect(await approveWith(phone, OLD)).toEqual({ status: 'approved' });
    expect(await phone.client.changePin(OLD, NEW)).toEqual({ status: 'changed' });
  });

  it('of two calls at once on one phone is made by one, and the phone knows by which', async () => {
    const phone = await enrolWithPin('change-twice');
    const results = await Promise.allSettled([phone.client.changePin(OLD, NEW), phone.client.changePin(OLD, '71834')]);
    const winner = results.findIndex((result) => result.status === 'fulfilled' && result.value.status === 'changed');
    expect(await approveWith(phone, winner === 0 ? NEW : '71834')).toEqual({ status: 'approved' });
    expect(
      await eventsOf('change-twice').then((names) => names.filter((n) => n === 'ENROLLMENT_PIN_CHANGED')),
    ).toHaveLength(1);
  });

  it('leaves nothing on the phone by which a guess could be tested, also while it is not known to be made', async () => {
    const phone = await enrolWithPin('change-stolen');
    const { client } = overBadConnection(phone);
    await expect(client.changePin(OLD, NEW)).rejects.toMatchObject({ code: 'network_failed' });
    const [{ pin_public_key: publicKey }] = await stack.database.knex('enrolments').where({ user_id: 'change-stolen' });
    const state = (await phone.store.load()) as DeviceState;
    const masked = { salt: expect.any(String), maskedSeed: expect.any(String) };
    expect(state.enrolment?.pinKey).toEqual(masked);
    expect(state.enrolment?.pinChanges).toEqual([
      { changeId: expect.any(String), sentAt: expect.any(String), pinKey: masked },
    ]);
    for (const secret of [publicKey, OLD, NEW]) expect(JSON.stringify(state)).not.toContain(secret);
  });

  it('refuses a new PIN that is too simple, and one where none is set', async () => {
    const phone = await stack.enrolPhone('change-none');
    await expect(phone.client.changePin(OLD, NEW)).rejects.toMatchObject({ code: 'pin_not_set', number: 9010 });
    const raw = await createRawPhone(stack.apiUrl, phone);
    expect(await raw.request('POST', '/device/v1/pin-key/challenge', { requestId: 'r'.repeat(16) })).toMatchObject({
      status: 409,
      body: { code: 'pin_not_set' },
    });
    await phone.client.setPin(OLD);
    await expect(phone.client.changePin(OLD, '12345')).rejects.toMatchObject({ code: 'pin_refused', number: 9009 });
  });

  it.each([
    ['is not sealed', () => 'no armor'],
    ['is of another enrolment', (raw: RawPhone) => raw.seal(aChange({ enrolmentId: 'another' }))],
    ['has another purpose', (raw: RawPhone) => raw.seal(aChange({ purpose: 'answer', enrolmentId: raw.enrolmentId }))],
    ['does not prove its new key', (raw: RawPhone) => raw.seal(aChange({ enrolmentId: raw.enrolmentId }))],
  ])('is refused when it %s, and costs no attempt', async (how, make) => {
    const phone = await enrolWithPin(`change ${how}`);
    const raw = await createRawPhone(stack.apiUrl, phone);
    const reply = await raw.request('POST', '/device/v1/pin-key/change', { change: await make(raw) });
    expect(reply).toMatchObject({ status: 400, body: { code: 'pin_change_invalid' } });
    expect(await phone.client.changePin(WRONG, NEW)).toEqual({ status: 'pin_wrong', attemptsLeft: 2 });
  });

  it.each(['challenge', 'change'])('of another form is refused (%s)', async (step) => {
    const raw = await createRawPhone(stack.apiUrl, await enrolWithPin(`change form ${step}`));
    const path = `/device/v1/pin-key/${step}`;
    for (const body of [{}, { requestId: 'short', change: '' }, { requestId: 7, change: 7 }]) {
      expect(await raw.request('POST', path, body)).toMatchObject({ status: 400, body: { code: 'request_invalid' } });
    }
    expect(await raw.request('GET', path)).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
  });

  it('shows no key of the phone to its app', async () => {
    const phone = await enrolWithPin('change-shown');
    await phone.client.registerBiometric();
    const enrolment = await phone.client.enrolment();
    expect(enrolment).toMatchObject({ hasPin: true, hasBiometricKey: true });
    const state = (await phone.store.load()) as DeviceState;
    for (const secret of [
      state.enrolment?.pinKey?.maskedSeed,
      (state.enrolment?.biometricKey as JsonWebKey | undefined)?.d,
    ]) {
      expect(secret).toEqual(expect.any(String));
      expect(JSON.stringify(enrolment)).not.toContain(secret);
    }
  });

  it('ends what else runs when the last wrong PIN comes in an answer', async () => {
    const phone = await enrolWithPin('answer-last');
    const other = await stack.begin(phone);
    for (const attemptsLeft of [2, 1]) {
      expect(await approveWith(phone, WRONG)).toEqual({ status: 'pin_wrong', attemptsLeft });
    }
    expect(await approveWith(phone, WRONG)).toEqual({ status: 'failed' });
    expect(await resultOf(other)).toMatchObject({ status: 'cancelled' });
  });
});

type RawPhone = Awaited<ReturnType<typeof createRawPhone>>;

function aChange(fields: Readonly<Record<string, string>>) {
  return {
    ...{ purpose: 'pin_change', changeId: '7f1a5dd0-9b34-4a2e-8a44-7c1c0c9f0a11', nonce: 'n' },
    ...{ publicKey: 'A'.repeat(43), oldSignature: 'AAAA', newSignature: 'AAAA', ...fields },
  };
}
