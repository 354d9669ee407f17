import { createMessage, encrypt, enums, generateKey } from 'openpgp';
import { open } from '../../sdk/open.ts';
import { seal } from '../../sdk/seal.ts';

const pair = async (name: string, date?: Date) =>
  generateKey({ type: 'ecc', curve: 'curve25519Legacy', userIDs: [{ name }], format: 'object', ...(date && { date }) });

it('refuses a small message that unpacks to more than a megabyte', async () => {
  const [phone, server] = await Promise.all([pair('phone'), pair('server')]);
  const armored = await encrypt({
    message: await createMessage({ text: JSON.stringify({ filler: ' '.repeat(4 * 1024 * 1024) }) }),
    encryptionKeys: phone.publicKey,
    signingKeys: server.privateKey,
    config: { preferredCompressionAlgorithm: enums.compression.zlib },
  });
  expect(String(armored).length).toBeLessThan(64 * 1024);
  const keys = { phone: phone.privateKey, server: server.publicKey };
  await expect(open(String(armored), keys, {})).rejects.toMatchObject({ code: 'reply_untrusted' });
});

it('opens what a server whose clock is a minute ahead has signed', async () => {
  const nowMs = Date.now();
  const ahead = new Date(nowMs + 60_000);
  const [phone, server] = await Promise.all([pair('phone'), pair('server', ahead)]);
  const armored = await encrypt({
    message: await createMessage({ text: '{"purpose":"challenge"}' }),
    encryptionKeys: phone.publicKey,
    signingKeys: server.privateKey,
    date: ahead,
  });
  const keys = { phone: phone.privateKey, server: server.publicKey };
  await expect(open(String(armored), keys, { purpose: 'challenge' })).resolves.toBeDefined();
  await expect(seal({}, keys, nowMs)).resolves.toContain('BEGIN PGP MESSAGE');
});

it('hides how long the answer is', async () => {
  const [phone, server] = await Promise.all([pair('phone'), pair('server')]);
  const keys = { phone: phone.privateKey, server: server.publicKey };
  const short = await seal({ decision: 'deny' }, keys, Date.now());
  const long = await seal({ decision: 'approve', nonce: 'x'.repeat(100) }, keys, Date.now());
  expect(long.length).toBe(short.length);
});
