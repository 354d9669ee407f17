import { createDeviceClient, createMemoryStore } from '../../sdk/index.ts';
import { type DeviceServer, startDeviceServer } from './device-server.ts';
import { createPhone, ENROL, enrolPhone, TICKET } from './phone.ts';

let server: DeviceServer;
beforeEach(async () => {
  server = await startDeviceServer();
});
afterEach(() => server.close());

describe('enrolling', () => {
  it('binds the phone to the user of the ticket, and never sends a private key', async () => {
    const { client } = createPhone(server);
    const enrolment = await client.enrol(ENROL);
    expect(enrolment).toMatchObject({ userId: 'alice', applicationId: 'test-app', pushToken: 'token' });
    expect(enrolment).toMatchObject({ hasPin: false, hasBiometricKey: false });
    expect(enrolment.deviceId).toMatch(/^[0-9a-f]{64}$/);
    expect(enrolment).toEqual(await client.enrolment());
    const sent = JSON.stringify(server.seen[0]?.body);
    expect(sent).toContain('BEGIN PGP PUBLIC KEY');
    expect(sent).not.toContain('PRIVATE');
    expect(server.seen[0]?.body).not.toHaveProperty('signingKey.d');
  });

  it('uses the same device and keys again after a refusal', async () => {
    const { client } = createPhone(server);
    await expect(client.enrol({ ...ENROL, ticket: { ...TICKET, secret: 'bad' } })).rejects.toMatchObject({
      number: 9010,
      code: 'ticket_invalid',
      status: 403,
    });
    await expect(client.enrolment()).resolves.toBeUndefined();
    await client.enrol(ENROL);
    const [first, second] = server.seen.map(({ body }) => body as Record<string, unknown>);
    expect(second?.device).toEqual(first?.device);
    expect(second?.pgpPublicKey).toBe(first?.pgpPublicKey);
  });

  it('refuses a second enrolment on the same phone without asking the server', async () => {
    const { client } = await enrolPhone(server);
    await expect(client.enrol(ENROL)).rejects.toMatchObject({ number: 9016, code: 'already_enrolled_here' });
    expect(server.seen).toHaveLength(1);
  });

  it('enrols anew, with new keys, once the server has ended the enrolment', async () => {
    const { client } = await enrolPhone(server);
    server.phones.clear();
    await expect(client.pending()).rejects.toMatchObject({ number: 9020, code: 'enrolment_unknown' });
    await expect(client.enrolment()).resolves.toBeUndefined();
    await client.enrol(ENROL);
    const [first, , second] = server.seen.map(({ body }) => body as Record<string, unknown>);
    expect(second?.device).toEqual(first?.device);
    expect(second?.pgpPublicKey).not.toBe(first?.pgpPublicKey);
  });
});

describe('a transaction', () => {
  it('is listed, read and approved', async () => {
    const { client } = await enrolPhone(server);
    const older = server.begin();
    const newer = server.begin();
    const pending = await client.pending();
    expect(pending.map(({ transactionId }) => transactionId)).toEqual([newer.id, older.id]);
    const challenge = await client.fetchChallenge(newer.id);
    expect(challenge).toMatchObject({ message: 'Pay 10 € to Bob?', type: 'push', nonce: newer.nonce });
    await expect(client.approve(challenge)).resolves.toEqual({ status: 'approved' });
    expect(newer.status).toBe('approved');
    expect(await client.pending()).toHaveLength(1);
  });

  it('is denied unopened, or opened with the nonce that shows it', async () => {
    const { client } = await enrolPhone(server);
    const unopened = server.begin();
    await expect(client.deny(unopened.id, { reason: 'not_me' })).resolves.toEqual({ status: 'denied' });
    expect(server.seenAt('/fetch')).toHaveLength(0);
    const opened = server.begin();
    const challenge = await client.fetchChallenge(opened.id);
    await expect(client.deny(challenge)).resolves.toEqual({ status: 'denied' });
  });

  it('is recorded while no worker judges, and judged when answered again', async () => {
    const { client } = await enrolPhone(server);
    const transaction = server.begin();
    const challenge = await client.fetchChallenge(transaction.id);
    server.recordOnly = true;
    await expect(client.approve(challenge)).resolves.toEqual({ status: 'recorded' });
    server.recordOnly = false;
    await expect(client.approve(challenge)).resolves.toEqual({ status: 'approved' });
    expect(transaction.answers).toHaveLength(1);
  });

  it('counts two taps at once as one answer', async () => {
    const { client } = await enrolPhone(server);
    const transaction = server.begin();
    const challenge = await client.fetchChallenge(transaction.id);
    const outcomes = await Promise.all([client.approve(challenge), client.approve(challenge)]);
    expect(outcomes).toEqual([{ status: 'approved' }, { status: 'approved' }]);
    expect(transaction.answers).toHaveLength(1);
  });

  it('tells a change of mind as it is: the first answer stands', async () => {
    const { client } = await enrolPhone(server);
    const transaction = server.begin();
    const challenge = await client.fetchChallenge(transaction.id);
    await client.approve(challenge);
    await expect(client.deny(challenge)).rejects.toMatchObject({ number: 10013, status: 409 });
    expect(transaction.status).toBe('approved');
  });

  it('is refused when it is unknown, expired or read by another', async () => {
    const { client } = await enrolPhone(server);
    await expect(client.fetchChallenge('nothing')).rejects.toMatchObject({
      number: 10013,
      code: 'transaction_unknown',
    });
    const expired = server.begin({ lifeMs: -1_000 });
    await expect(client.fetchChallenge(expired.id)).rejects.toMatchObject({
      number: 10013,
      code: 'transaction_expired',
    });
    const stolen = server.begin();
    stolen.fetchedBy = 'another phone';
    await expect(client.fetchChallenge(stolen.id)).rejects.toMatchObject({ number: 9029 });
    await expect(client.deny(stolen.id, { reason: 'not_me' })).resolves.toEqual({ status: 'denied' });
  });

  it('keeps its id in one step of the path', async () => {
    const { client } = await enrolPhone(server);
    await expect(client.fetchChallenge('../enrolments')).rejects.toMatchObject({ number: 10013 });
    expect(server.seen.at(-1)?.path).toBe('/device/v1/transactions/..%2Fenrolments/fetch');
  });
});

it('asks nothing of the server before it is enrolled', async () => {
  const { client } = createPhone(server);
  await expect(client.pending()).rejects.toMatchObject({ number: 9021, code: 'not_enrolled' });
  await expect(client.fetchChallenge('x')).rejects.toMatchObject({ number: 9021 });
  await expect(client.deny('x')).rejects.toMatchObject({ number: 9021 });
  expect(server.seen).toHaveLength(0);
});

it('refuses an address that is none', () => {
  for (const serverUrl of ['', 'localhost', 'ftp://host', 'https://host/?a=b', 'https://user@host']) {
    expect(() => createDeviceClient({ serverUrl, store: createMemoryStore() })).toThrow();
  }
});
