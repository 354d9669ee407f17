import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { createDeviceClient, createMemoryStore, type DeviceClient, type EnrolmentTicket } from '../../sdk/index.ts';
import { createRawPhone } from '../support/raw-phone.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

/** From its enrolment to its end, the phone speaks to the real api by the SDK. */
describe('a phone', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack?.stop());

  const withSettings = async (settings: Readonly<Record<string, unknown>>, work: () => Promise<void>) => {
    await stack.database.knex('general_settings').update(settings);
    try {
      await work();
    } finally {
      await stack.database.knex('general_settings').update({ enrolment_enabled: true, push_enrolment_enabled: true });
    }
  };
  const withMode = async (mode: string, work: () => Promise<void>) => {
    const set = async (push_enrolment_mode: string) => {
      await stack.database.knex('general_settings').update({ push_enrolment_mode });
      // The api remembers settings for a second; asked often enough, it shows when it has noticed.
      while ((await modeInForce()) !== push_enrolment_mode);
    };
    await set(mode);
    try {
      await work();
    } finally {
      await set('single_device');
    }
  };
  /** What a second phone of a user does to the first one. */
  const modeInForce = async (): Promise<string> => {
    const user = `probe-${randomUUID()}`;
    await stack.enrolPhone(user);
    const isRefused = await stack.enrolPhone(user).then(
      () => false,
      () => true,
    );
    if (isRefused) return 'single_device';
    return (await devicesOf(user)).length === 1 ? 'override_allowed' : 'multiple_devices';
  };
  const aToken = async (): Promise<string> => {
    const minted = await fetch(`${stack.fcm.url}/simulator/registrations`, { method: 'POST' });
    return ((await minted.json()) as { token: string }).token;
  };
  const ticketFor = async (user: string): Promise<EnrolmentTicket> => (await stack.portal.ticket(user)).body;
  const aClient = () => {
    const store = createMemoryStore();
    return { store, client: createDeviceClient({ serverUrl: stack.apiUrl, store }) };
  };
  const enrol = async (client: DeviceClient, user: string, pushToken?: string) =>
    client.enrol({
      ticket: await ticketFor(user),
      device: { name: `Phone of ${user}`, platform: 'android' },
      ...(pushToken !== undefined && { pushToken }),
    });
  /** Enrols again and again until the api has noticed the new settings. */
  const enrolledOnce = async (attempt: () => Promise<unknown>, code: string): Promise<void> => {
    for (;;) {
      const refused = await attempt().then(
        () => undefined,
        (error: { code: string }) => error.code,
      );
      if (refused !== code) return;
    }
  };
  const resultOf = async (transactionId: string) => (await stack.portal.result(transactionId)).body;
  const devicesOf = async (user: string) => {
    const { enabled } = (await stack.portal.available(user)).body;
    return enabled.find(({ type }: { type: string }) => type === 'push')?.apps_enrolled_for_push ?? [];
  };
  const approveOn = async (phone: Phone) => {
    const transactionId = await stack.begin(phone);
    const challenge = await phone.client.fetchChallenge(transactionId);
    return phone.client.approve(challenge);
  };

  it('enrols with its keys first, and for pushes later', async () => {
    const { client, store } = aClient();
    await enrol(client, 'two-steps');
    expect([await client.isEnrolled(), await client.isEnrolledForPush()]).toEqual([true, false]);
    expect(await devicesOf('two-steps')).toEqual([]);
    const pushToken = await aToken();
    await client.enrolForPush(pushToken);
    expect(await client.isEnrolledForPush()).toBe(true);
    const deviceId = (await store.load())?.deviceId as string;
    const outcome = await approveOn({ userId: 'two-steps', deviceId, pushToken, client, store });
    expect(outcome.status).toBe('approved');
  });

  it('changes its push token without enrolling again', async () => {
    const phone = await stack.enrolPhone('token-change');
    const pushToken = await aToken();
    await phone.client.changePushToken(pushToken);
    await stack.begin(phone);
    const pushes = await fetch(`${stack.fcm.url}/simulator/pushes?token=${encodeURIComponent(pushToken)}`);
    expect(((await pushes.json()) as { pushes: unknown[] }).pushes).toHaveLength(1);
  });

  it('is refused another token where it does not know the old one, and the token of another phone', async () => {
    const phone = await stack.enrolPhone('token-refused');
    const other = await stack.enrolPhone('token-owner');
    await expect(phone.client.enrolForPush(await aToken())).rejects.toMatchObject({
      code: 'push_token_mismatch',
      status: 409,
      number: 9016,
    });
    await expect(phone.client.changePushToken(other.pushToken)).rejects.toMatchObject({
      code: 'device_already_enrolled',
    });
  });

  it('may want no more pushes, and stay', async () => {
    const phone = await stack.enrolPhone('quiet');
    await phone.client.endPush();
    expect(await devicesOf('quiet')).toEqual([]);
    expect([await phone.client.isEnrolled(), await phone.client.isEnrolledForPush()]).toEqual([true, false]);
    await phone.client.changePushToken(await aToken());
    expect(await devicesOf('quiet')).toHaveLength(1);
  });

  it('is renamed, and the portal sees it', async () => {
    const phone = await stack.enrolPhone('renamed');
    await phone.client.rename('Work phone');
    expect(await devicesOf('renamed')).toMatchObject([{ device_name: 'Work phone' }]);
    expect((await phone.client.enrolment())?.device.name).toBe('Work phone');
    await expect(phone.client.rename('a\u0000b')).rejects.toMatchObject({ code: 'request_invalid' });
  });

  it('disenrols: what was running is cancelled, its keys are good for nothing, and it may enrol anew', async () => {
    const phone = await stack.enrolPhone('leaver');
    const raw = await createRawPhone(stack.apiUrl, phone);
    const running = await stack.begin(phone);
    await phone.client.disenrol();
    expect(await resultOf(running)).toMatchObject({ status: 'cancelled', is_authenticated: false });
    expect(await raw.request('GET', '/device/v1/transactions')).toMatchObject({
      status: 401,
      body: { code: 'enrolment_unknown' },
    });
    expect(await phone.client.isEnrolled()).toBe(false);
    await phone.client.disenrol();
    await enrol(phone.client, 'leaver', await aToken());
    expect(await phone.client.isEnrolled()).toBe(true);
  });

  it('replaces the one before where the mode allows it, and what was running there is cancelled', async () => {
    const before = await stack.enrolPhone('changer');
    const running = await stack.begin(before);
    await withMode('override_allowed', async () => {
      const { client } = aClient();
      const pushToken = await aToken();
      await enrol(client, 'changer', pushToken);
      expect(await client.isEnrolled()).toBe(true);
    });
    expect(await resultOf(running)).toMatchObject({ status: 'cancelled' });
    await expect(before.client.pending()).rejects.toMatchObject({ code: 'enrolment_unknown', number: 9020 });
    expect(await devicesOf('changer')).toHaveLength(1);
  });

  it('stands beside others where the mode allows several, each answering for itself', async () => {
    const first = await stack.enrolPhone('collector');
    await withMode('multiple_devices', async () => {
      const second = aClient();
      const pushToken = await aToken();
      await enrol(second.client, 'collector', pushToken);
      const deviceId = (await second.store.load())?.deviceId as string;
      expect((await approveOn({ userId: 'collector', deviceId, pushToken, ...second })).status).toBe('approved');
    });
    expect((await approveOn(first)).status).toBe('approved');
    expect(await devicesOf('collector')).toHaveLength(2);
  });

  it.each([
    ['enrolment', { enrolment_enabled: false }, 'enrolment_disabled', 'KEY_ENROLLMENT_FAILURE_DISABLED'],
    [
      'enrolment for pushes',
      { push_enrolment_enabled: false },
      'push_enrolment_disabled',
      'PUSH_ENROLLMENT_FAILURE_FEATURE_DISABLED',
    ],
  ])('is told when %s is switched off', async (_name, settings, code, event) => {
    await withSettings(settings, async () => {
      for (let user = 0; ; user++) {
        const refused = await stack.enrolPhone(`${code}-${user}`).catch((error: unknown) => error);
        if (!(refused instanceof Error)) continue;
        expect(refused).toMatchObject({ code, status: 403, number: 9017 });
        expect(await stack.database.knex('events').orderBy('id', 'desc').first()).toMatchObject({ name: event });
        break;
      }
    });
    await enrolledOnce(() => stack.enrolPhone(`${code}-again`), code);
  });

  it('has a pair of the server of its own where that is wanted, and keeps it when it is wanted no more', async () => {
    const serverKeyOf = async ({ store }: Phone) => (await store.load())?.enrolment?.serverPgpPublicKey as string;
    const shared = await stack.enrolPhone('shared-pair');
    await stack.database.knex('general_settings').update({ unique_pgp_keys_enabled: true });
    let own = shared;
    for (let user = 0; (await serverKeyOf(own)) === (await serverKeyOf(shared)); user++) {
      own = await stack.enrolPhone(`own-pair-${user}`);
    }
    const other = await stack.enrolPhone('another-pair');
    expect(await serverKeyOf(other)).not.toBe(await serverKeyOf(own));
    await stack.database.knex('general_settings').update({ unique_pgp_keys_enabled: false });
    for (const phone of [shared, own, other]) expect((await approveOn(phone)).status).toBe('approved');
    const [row] = await stack.database.knex('enrolment_server_keys').limit(1);
    expect(row.sealed_private_key).not.toContain('PRIVATE KEY');
  });

  it('of an app version that is switched off is told to update, and is served again once it has', async () => {
    const phone = await stack.enrolPhone('outdated');
    const versions = stack.database.knex('app_versions');
    const row = (version: string, status: string) => ({
      application_id: 'demo-app',
      platform: 'android',
      version,
      status,
    });
    await versions.insert([row('1.0', 'DISABLED'), row('2.0', 'LOGIN_ONLY')]);
    try {
      const phoneWith = (appVersion: string) =>
        createDeviceClient({ serverUrl: stack.apiUrl, store: phone.store, appVersion });
      const refused = { code: 'app_version_disabled', status: 403, number: 9004 };
      await expect(phoneWith('1.0').pending()).rejects.toMatchObject(refused);
      expect(await phoneWith('2.0').pending()).toEqual([]);
      expect(await phone.client.pending()).toEqual([]);
      await expect(stack.enrolPhone('too-old')).rejects.toMatchObject(refused);
    } finally {
      await stack.database.knex('app_versions').delete();
    }
  });

  describe('that changes its keys', () => {
    it('goes on with the new ones, and the old ones count no more from then on', async () => {
      const phone = await stack.enrolPhone('rotator');
      const old = await createRawPhone(stack.apiUrl, phone);
      expect((await old.request('GET', '/device/v1/transactions')).status).toBe(200);
      await phone.client.rotateKeys();
      expect((await approveOn(phone)).status).toBe('approved');
      expect(await old.request('GET', '/device/v1/transactions')).toMatchObject({
        status: 401,
        body: { code: 'proof_invalid', detail: 'signature' },
      });
      expect((await phone.store.load())?.nextKeys).toBeUndefined();
    });

    it('waits until no transaction waits for it: the answer to one may be recorded under the old keys', async () => {
      const phone = await stack.enrolPhone('busy-rotator');
      const transactionId = await stack.begin(phone);
      await expect(phone.client.rotateKeys()).rejects.toMatchObject({ code: 'transactions_pending', number: 9007 });
      await phone.client.deny(transactionId);
      await phone.client.rotateKeys();
      expect((await approveOn(phone)).status).toBe('approved');
    });

    it('finds out which ones count when the reply was lost', async () => {
      const phone = await stack.enrolPhone('lost-rotation');
      let losses = 1;
      const unlucky = createDeviceClient({
        serverUrl: stack.apiUrl,
        store: phone.store,
        wait: async () => {},
        async fetch(input, init) {
          const response = await fetch(input, init);
          if (losses-- > 0) throw new TypeError('the reply is lost');
          return response;
        },
      });
      await unlucky.rotateKeys();
      expect((await approveOn(phone)).status).toBe('approved');
    });

    it('must show that it holds the new signing key, for this enrolment', async () => {
      const phone = await stack.enrolPhone('impostor');
      const raw = await createRawPhone(stack.apiUrl, phone);
      const pair = (await generateKeyPair('ES256', { extractable: true })) as CryptoKeyPair;
      const { kty, crv, x, y } = await exportJWK(pair.publicKey);
      const secretHalf = await exportJWK(pair.privateKey);
      const header = { typ: 'countersign-new-key-proof+jwt' };
      const proofWith = (changes: object) =>
        raw.proof('POST', '/device/v1/keys', '', { header, signingKey: secretHalf, ...changes });
      const post = async (newKeyProof?: string) =>
        raw.request('POST', '/device/v1/keys', { signingKey: { kty, crv, x, y }, newKeyProof });

      const refused = { status: 401, body: { code: 'proof_invalid' } };
      expect(await post()).toMatchObject(refused);
      expect(await post(await proofWith({ signingKey: raw.signingKey }))).toMatchObject(refused);
      expect(await post(await proofWith({ header: {} }))).toMatchObject(refused);
      expect(await post(await proofWith({ header: { ...header, kid: randomUUID() } }))).toMatchObject(refused);
      expect(await post(await proofWith({ claims: { htu: 'https://other.example/device/v1/keys' } }))).toMatchObject(
        refused,
      );
      expect((await phone.client.pending()).length).toBe(0);
      expect((await post(await proofWith({}))).status).toBe(204);
      const { signingKey } = raw;
      expect((await raw.request('GET', '/device/v1/transactions', undefined, { signingKey })).status).toBe(401);
      expect((await raw.request('GET', '/device/v1/transactions', undefined, { signingKey: secretHalf })).status).toBe(
        200,
      );
    });

    it('is refused a change that changes nothing, and a PGP key that is none', async () => {
      const raw = await createRawPhone(stack.apiUrl, await stack.enrolPhone('nothing'));
      const refused = { status: 400, body: { code: 'request_invalid' } };
      expect(await raw.request('POST', '/device/v1/keys', {})).toMatchObject(refused);
      expect(await raw.request('POST', '/device/v1/keys', { pgpPublicKey: 'no key' })).toMatchObject(refused);
    });
  });
});
