import * as openpgp from 'openpgp';
import { createServerPgp, generateServerKey, isUsablePublicKey, type ServerPgp } from '../../runtime/openpgp.ts';
import { withClockOff } from '../support/with-clock-off.ts';

type Pair = Awaited<ReturnType<typeof makePair>>;

/** A phone, or somebody who would like to be one, with OpenPGP.js of its own. */
function makePair(name: string, options: { date?: Date; keyExpirationTime?: number } = {}) {
  const userIDs = [{ name }];
  return openpgp.generateKey({ type: 'ecc', curve: 'curve25519Legacy', userIDs, format: 'object', ...options });
}

async function answerOf(
  content: string,
  { to, by, compression }: { to?: openpgp.PublicKey; by?: openpgp.PrivateKey; compression?: openpgp.enums.compression },
): Promise<string> {
  const message = await openpgp.createMessage({ text: content });
  if (!to) return (await openpgp.sign({ message, signingKeys: by as openpgp.PrivateKey })) as string;
  return (await openpgp.encrypt({
    message,
    encryptionKeys: to,
    ...(by && { signingKeys: by }),
    ...(compression !== undefined && { config: { preferredCompressionAlgorithm: compression } }),
  })) as string;
}

const CONTENT = { purpose: 'answer', decision: 'approve', text: 'né 漢字 🙂' };
let server: ServerPgp;
let serverKey: openpgp.PublicKey;
let phone: Pair;
let stranger: Pair;

beforeAll(async () => {
  server = await createServerPgp(await generateServerKey());
  serverKey = await openpgp.readKey({ armoredKey: server.publicKey });
  [phone, stranger] = await Promise.all([makePair('phone'), makePair('stranger')]);
});

const open = (armored: string, key = phone.publicKey): Promise<unknown> => server.open(armored, key.armor());

describe('what the server seals', () => {
  async function openedByPhone(armored: string, verifyWith = serverKey) {
    const message = await openpgp.readMessage({ armoredMessage: armored });
    const { data, signatures } = await openpgp.decrypt({
      message,
      decryptionKeys: phone.privateKey,
      verificationKeys: verifyWith,
    });
    const isSigned = await signatures[0]?.verified.catch(() => false);
    return { data: data as string, isSigned };
  }

  it('is read by the phone, which finds the signature of the server on it', async () => {
    const sealed = await server.sealFor(phone.publicKey.armor(), CONTENT);
    const { data, isSigned } = await openedByPhone(sealed);
    expect(isSigned).toBe(true);
    expect(JSON.parse(data)).toStrictEqual(CONTENT);
  });

  it('carries no signature of anyone else', async () => {
    const sealed = await server.sealFor(phone.publicKey.armor(), CONTENT);
    expect((await openedByPhone(sealed, stranger.publicKey)).isSigned).toBe(false);
  });

  it('is read by no other phone', async () => {
    const message = await openpgp.readMessage({
      armoredMessage: await server.sealFor(phone.publicKey.armor(), CONTENT),
    });
    await expect(openpgp.decrypt({ message, decryptionKeys: stranger.privateKey })).rejects.toThrow();
  });

  it('is padded to steps of 256 bytes, so that its size tells nothing within a step', async () => {
    const sizes = new Map<number, Set<number>>();
    for (const length of [0, 1, 100, 255 - 11, 256 - 11, 257 - 11, 400]) {
      const sealed = await server.sealFor(phone.publicKey.armor(), { text: 'x'.repeat(length) });
      const { data } = await openedByPhone(sealed);
      expect(data.length % 256).toBe(0);
      expect(data.length).toBe(Math.ceil((length + 11) / 256) * 256);
      sizes.set(data.length, (sizes.get(data.length) ?? new Set()).add(sealed.length));
    }
    expect([...sizes.values()].map((lengths) => lengths.size)).toStrictEqual([1, 1]);
    expect([...sizes.keys()]).toStrictEqual([256, 512]);
  });

  it('counts bytes and not characters', async () => {
    const { data } = await openedByPhone(await server.sealFor(phone.publicKey.armor(), { text: '漢'.repeat(90) }));
    expect(Buffer.byteLength(data)).toBe(512);
  });
});

describe('what the server opens', () => {
  it('is what this phone signed and encrypted to the server', async () => {
    const answer = await answerOf(JSON.stringify(CONTENT), { to: serverKey, by: phone.privateKey });
    await expect(open(answer)).resolves.toStrictEqual(CONTENT);
  });

  it('may be padded', async () => {
    const answer = await answerOf(JSON.stringify(CONTENT).padEnd(1_024), { to: serverKey, by: phone.privateKey });
    await expect(open(answer)).resolves.toStrictEqual(CONTENT);
  });

  it('may come from a phone whose clock is two minutes ahead', async () => {
    const date = new Date(Date.now() + 120_000);
    const answer = await openpgp.encrypt({
      message: await openpgp.createMessage({ text: JSON.stringify(CONTENT) }),
      encryptionKeys: serverKey,
      signingKeys: phone.privateKey,
      date,
    });
    await expect(open(answer as string)).resolves.toStrictEqual(CONTENT);
  });

  it('may be compressed', async () => {
    const compression = openpgp.enums.compression.zlib;
    const answer = await answerOf(JSON.stringify(CONTENT), { to: serverKey, by: phone.privateKey, compression });
    await expect(open(answer)).resolves.toStrictEqual(CONTENT);
  });

  const REFUSED: readonly (readonly [string, () => Promise<string>])[] = [
    ['unsigned', () => answerOf(JSON.stringify(CONTENT), { to: serverKey })],
    ['signed by somebody else', () => answerOf(JSON.stringify(CONTENT), { to: serverKey, by: stranger.privateKey })],
    ['encrypted to somebody else', () => answerOf('{}', { to: stranger.publicKey, by: phone.privateKey })],
    ['encrypted to the phone itself', () => answerOf('{}', { to: phone.publicKey, by: phone.privateKey })],
    ['signed and not encrypted', () => answerOf(JSON.stringify(CONTENT), { by: phone.privateKey })],
    ['no JSON', () => answerOf('approve', { to: serverKey, by: phone.privateKey })],
    ['empty inside', () => answerOf('', { to: serverKey, by: phone.privateKey })],
    ['the server’s own reply', () => server.sealFor(phone.publicKey.armor(), CONTENT)],
    ['nothing', async () => ''],
    ['garbage', async () => 'garbage'],
    ['armor around garbage', async () => '-----BEGIN PGP MESSAGE-----\n\nAAAA\n-----END PGP MESSAGE-----\n'],
    ['a public key', async () => phone.publicKey.armor()],
    ['a private key', async () => phone.privateKey.armor()],
    ['JSON in clear', async () => JSON.stringify(CONTENT)],
  ];

  it.each(REFUSED)('is nothing that is %s', async (_name, make) => {
    await expect(open(await make())).resolves.toBeUndefined();
  });

  it('is nothing encrypted with a password and signed by the phone', async () => {
    const answer = await openpgp.encrypt({
      message: await openpgp.createMessage({ text: JSON.stringify(CONTENT) }),
      passwords: ['password'],
      signingKeys: phone.privateKey,
    });
    await expect(open(answer as string)).resolves.toBeUndefined();
  });

  it('is nothing of another phone, though that one is enrolled too', async () => {
    const answer = await answerOf(JSON.stringify(CONTENT), { to: serverKey, by: phone.privateKey });
    await expect(open(answer, stranger.publicKey)).resolves.toBeUndefined();
  });

  it('is nothing in which a byte was changed', async () => {
    const answer = await answerOf(JSON.stringify(CONTENT), { to: serverKey, by: phone.privateKey });
    const { data } = await openpgp.unarmor(answer);
    const bytes = Buffer.from(data as Uint8Array);
    bytes[bytes.length - 30] = (bytes[bytes.length - 30] as number) ^ 1;
    const tampered = openpgp.armor(openpgp.enums.armor.message, bytes);
    await expect(open(tampered as string)).resolves.toBeUndefined();
  });

  it.each([
    ['zlib', 4 * 1024 * 1024],
    ['zip', 1024 * 1024 + 1_024],
  ] as const)('is nothing that unfolds to more than a megabyte (%s, %d bytes)', async (name, size) => {
    const compression = openpgp.enums.compression[name];
    const bomb = await answerOf(JSON.stringify(CONTENT).padEnd(size), {
      to: serverKey,
      by: phone.privateKey,
      compression,
    });
    expect(bomb.length).toBeLessThan(64 * 1024);
    await expect(open(bomb)).resolves.toBeUndefined();
  });

  it('may unfold to half a megabyte', async () => {
    const compression = openpgp.enums.compression.zlib;
    const large = JSON.stringify(CONTENT).padEnd(512 * 1024);
    const answer = await answerOf(large, { to: serverKey, by: phone.privateKey, compression });
    await expect(open(answer)).resolves.toStrictEqual(CONTENT);
  });
});

describe('a key that a phone may enrol', () => {
  it('is an OpenPGP public key of version 4 that encrypts and signs', async () => {
    await expect(isUsablePublicKey(phone.publicKey.armor())).resolves.toBe(true);
    await expect(isUsablePublicKey(server.publicKey)).resolves.toBe(true);
  });

  const userIDs = [{ name: 'phone' }];
  it.each([
    ['a private key', async () => phone.privateKey.armor()],
    ['a key of version 6', async () => (await openpgp.generateKey({ userIDs, config: { v6Keys: true } })).publicKey],
    [
      'a key that only signs',
      async () =>
        (await openpgp.generateKey({ type: 'ecc', curve: 'ed25519Legacy', userIDs, subkeys: [{ sign: true }] }))
          .publicKey,
    ],
    [
      'an expired key',
      async () =>
        (await openpgp.generateKey({ userIDs, date: new Date('2020-01-01'), keyExpirationTime: 1 })).publicKey,
    ],
    ['a message', () => answerOf('{}', { to: serverKey, by: phone.privateKey })],
    ['nothing', async () => ''],
    ['garbage', async () => 'garbage'],
  ])('is not %s', async (_name, make) => {
    await expect(isUsablePublicKey(await make())).resolves.toBe(false);
  });
});

const HOUR_MS = 3_600_000;

describe.each([
  ['behind', -HOUR_MS],
  ['ahead', HOUR_MS],
])('a server whose clock is an hour %s', (_name, byMs) => {
  const sealedByPhone = () => answerOf(JSON.stringify(CONTENT), { to: serverKey, by: phone.privateKey });
  const openedByPhone = async (armored: string, verificationKeys: openpgp.PublicKey, date: Date) => {
    const message = await openpgp.readMessage({ armoredMessage: armored });
    const decryptionKeys = phone.privateKey;
    const opened = await openpgp.decrypt({ message, decryptionKeys, verificationKeys, expectSigned: true, date });
    return JSON.parse(opened.data as string);
  };

  it('seals for a phone that was made by the right clock', async () => {
    const sealed = await withClockOff(byMs, () => server.sealFor(phone.publicKey.armor(), CONTENT));
    const date = new Date(Date.now() + HOUR_MS);
    await expect(openedByPhone(sealed, serverKey, date)).resolves.toStrictEqual(CONTENT);
  });

  it('opens what such a phone answers', async () => {
    const answer = await sealedByPhone();
    await expect(withClockOff(byMs, () => open(answer))).resolves.toStrictEqual(CONTENT);
  });

  it('opens nothing of another phone, and nothing that nobody signed', async () => {
    const forged = [
      await answerOf(JSON.stringify(CONTENT), { to: serverKey, by: stranger.privateKey }),
      await answerOf(JSON.stringify(CONTENT), { to: serverKey }),
    ];
    for (const answer of forged) await expect(withClockOff(byMs, () => open(answer))).resolves.toBeUndefined();
  });

  it('enrols the key of such a phone', async () => {
    await expect(withClockOff(byMs, () => isUsablePublicKey(phone.publicKey.armor()))).resolves.toBe(true);
  });

  it('enrols no key that has expired', async () => {
    const expired = await makePair('phone', { date: new Date(Date.now() - 3 * HOUR_MS), keyExpirationTime: 3_600 });
    await expect(withClockOff(byMs, () => isUsablePublicKey(expired.publicKey.armor()))).resolves.toBe(false);
  });

  it('makes pairs that are good for phones and servers by the right clock', async () => {
    const pair = await withClockOff(byMs, generateServerKey);
    const own = await createServerPgp(pair);
    const ownKey = await openpgp.readKey({ armoredKey: pair.publicKey });
    const sealed = await own.sealFor(phone.publicKey.armor(), CONTENT);
    await expect(openedByPhone(sealed, ownKey, new Date())).resolves.toStrictEqual(CONTENT);
    const answer = await answerOf(JSON.stringify(CONTENT), { to: ownKey, by: phone.privateKey });
    await expect(own.open(answer, phone.publicKey.armor())).resolves.toStrictEqual(CONTENT);
  });

  it('goes on with a pair that was made before its clock was moved', async () => {
    const own = await createServerPgp(await generateServerKey());
    const answer = await answerOf(JSON.stringify(CONTENT), {
      to: await openpgp.readKey({ armoredKey: own.publicKey }),
      by: phone.privateKey,
    });
    await withClockOff(byMs, async () => {
      await expect(own.open(answer, phone.publicKey.armor())).resolves.toStrictEqual(CONTENT);
      await expect(own.sealFor(phone.publicKey.armor(), CONTENT)).resolves.toContain('BEGIN PGP MESSAGE');
    });
  });
});

describe('the time of a signature, which the phone says itself', () => {
  /** Signed by a phone that heeds no rule; ms from now. */
  async function openedAsSigned({ keyMadeAt = -3 * HOUR_MS, keyGoodForSeconds = 0, signedAt = 0, goodForSeconds = 0 }) {
    const date = new Date(Date.now() + keyMadeAt);
    const hostile = await makePair('phone', { date, keyExpirationTime: keyGoodForSeconds });
    const message = await openpgp.createMessage({ text: JSON.stringify(CONTENT) });
    const signed = await openpgp.sign({ message, signingKeys: hostile.privateKey, date, format: 'object' });
    const [literal] = signed.packets.filterByTag(openpgp.enums.packet.literalData);
    const [packet] = signed.packets.filterByTag(openpgp.enums.packet.signature);
    const signature = packet as openpgp.SignaturePacket;
    Object.assign(signature, { rawNotations: [], signatureExpirationTime: goodForSeconds || null });
    const again = [hostile.privateKey.keyPacket, literal, new Date(Date.now() + signedAt), false, openpgp.config];
    await Reflect.apply(signature.sign, signature, again);
    return open((await openpgp.encrypt({ message: signed, encryptionKeys: serverKey })) as string, hostile.publicKey);
  }

  const TEN_YEARS_MS = 10 * 365 * 24 * HOUR_MS;
  it.each([
    ['an hour ago', { signedAt: -HOUR_MS }],
    ['now', { signedAt: 0 }],
    ['in an hour', { signedAt: HOUR_MS }],
    ['in ten years', { signedAt: TEN_YEARS_MS }],
    ['an hour ago, to be good for two', { signedAt: -HOUR_MS, goodForSeconds: 2 * 3_600 }],
    ['before the key ended', { signedAt: -2.5 * HOUR_MS, keyGoodForSeconds: 3_600 }],
  ])('neither proves nor refuses anything: %s', async (_name, times) => {
    await expect(openedAsSigned(times)).resolves.toStrictEqual(CONTENT);
  });

  it.each([
    ['before the key was made', { signedAt: -4 * HOUR_MS }],
    ['before the key, which is of the future, was made', { keyMadeAt: HOUR_MS, signedAt: 0 }],
    ['after the key ended', { signedAt: -HOUR_MS, keyGoodForSeconds: 3_600 }],
    ['an hour ago, to be good for half of it', { signedAt: -HOUR_MS, goodForSeconds: 1_800 }],
  ])('makes a signature worthless that is of a time %s', async (_name, times) => {
    await expect(openedAsSigned(times)).resolves.toBeUndefined();
  });
});

it('gives every installation a key of its own', async () => {
  const [one, two] = await Promise.all([generateServerKey(), generateServerKey()]);
  expect(one.publicKey).toContain('BEGIN PGP PUBLIC KEY BLOCK');
  expect(one.publicKey).not.toContain('PRIVATE');
  const [first, second] = await Promise.all(
    [one, two].map(({ publicKey }) => openpgp.readKey({ armoredKey: publicKey })),
  );
  expect(first?.getFingerprint()).not.toBe(second?.getFingerprint());
  expect(first?.keyPacket.version).toBe(4);
});
