import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { parseKeyring } from '../../runtime/keyring.ts';
import { createPayloadCodec } from '../../runtime/payload-codec.ts';
import { seal } from '../../runtime/sealing.ts';

const keyOf = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
const K1 = parseKeyring(`k1:${keyOf(1)}`);
const K2_AND_K1 = parseKeyring(`k2:${keyOf(2)},k1:${keyOf(1)}`);
const K2 = parseKeyring(`k2:${keyOf(2)}`);

const VALUE = { userId: 'alice', message: 'Pay 10 EUR to Bob?', nothing: null, list: [1, 2, 3] };

const toPayload = (value: unknown): Payload => defaultPayloadConverter.toPayload(value) as Payload;
const fromPayload = (payload: Payload | undefined): unknown => defaultPayloadConverter.fromPayload(payload as Payload);
const textOf = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString();

it.each([
  ['an object', VALUE],
  ['a text', 'Pay 10 EUR to Bob?'],
  ['bytes', new Uint8Array([0, 1, 255])],
  ['null', null],
  ['nothing', undefined],
])('gives back %s as it was', async (_name, value) => {
  const codec = createPayloadCodec(K1);
  const [decoded] = await codec.decode(await codec.encode([toPayload(value)]));
  const back = fromPayload(decoded);
  expect(back instanceof Uint8Array ? [...back] : back).toStrictEqual(value instanceof Uint8Array ? [...value] : value);
});

it('keeps the order of many payloads', async () => {
  const codec = createPayloadCodec(K1);
  const values = Array.from({ length: 50 }, (_, index) => `value ${index}`);
  const decoded = await codec.decode(await codec.encode(values.map(toPayload)));
  expect(decoded.map(fromPayload)).toStrictEqual(values);
});

it('leaves nothing readable: no content, no field name, not even what kind of content it is', async () => {
  const [encoded] = await createPayloadCodec(K1).encode([toPayload(VALUE)]);
  expect(textOf(encoded?.metadata?.encoding)).toBe('binary/encrypted');
  expect(textOf(encoded?.metadata?.['encryption-key-id'])).toBe('k1');
  expect(Object.keys(encoded?.metadata ?? {}).sort()).toStrictEqual(['encoding', 'encryption-key-id']);
  const bytes = Buffer.from(encoded?.data ?? []);
  expect(bytes.length).toBeGreaterThan(JSON.stringify(VALUE).length);
  for (const part of ['alice', 'Pay', 'EUR', 'Bob', 'userId', 'json/plain', 'encoding', '{"', '[1,2,3]']) {
    expect(bytes.includes(part)).toBe(false);
  }
});

it('never encrypts the same value alike', async () => {
  const [one, two] = await createPayloadCodec(K1).encode([toPayload(VALUE), toPayload(VALUE)]);
  expect(Buffer.from(one?.data ?? [])).not.toStrictEqual(Buffer.from(two?.data ?? []));
});

it('lets plain payloads pass, as an operator sends them from the Temporal UI', async () => {
  const plain = toPayload('operator');
  const bare: Payload = { data: Buffer.from('x') };
  const decoded = await createPayloadCodec(K1).decode([plain, bare]);
  expect(decoded).toStrictEqual([plain, bare]);
});

it('throws on a key that is not configured, and names no key', async () => {
  const encoded = await createPayloadCodec(K2).encode([toPayload(VALUE)]);
  await expect(createPayloadCodec(K1).decode(encoded)).rejects.toThrow(
    new Error('a payload is encrypted with a key that is not configured'),
  );
});

it.each([
  ['a payload that names no key', undefined],
  ['an empty key id', ''],
  ['a key id that is a property of every object', '__proto__'],
])('throws on %s', async (_name, keyId) => {
  const metadata = {
    encoding: Buffer.from('binary/encrypted'),
    ...(keyId !== undefined && { 'encryption-key-id': Buffer.from(keyId) }),
  };
  await expect(createPayloadCodec(K1).decode([{ metadata, data: Buffer.alloc(64) }])).rejects.toThrow();
});

it('throws when a byte was changed, when it was cut short, and when the content is missing', async () => {
  const codec = createPayloadCodec(K1);
  const [encoded] = await codec.encode([toPayload(VALUE)]);
  const data = Buffer.from(encoded?.data ?? []);
  const changed = Buffer.from(data);
  changed[20] = (changed[20] as number) ^ 1;
  for (const bad of [changed, data.subarray(0, -1), data.subarray(0, 10), Buffer.alloc(0)]) {
    await expect(codec.decode([{ ...encoded, data: bad }])).rejects.toThrow();
  }
  await expect(codec.decode([{ metadata: encoded?.metadata ?? null }])).rejects.toThrow();
});

it('does not open a column of the database, though it comes from the same installation', async () => {
  const sealed = seal(K1, 'transactions.sealed_message', 'row', 'a secret');
  const [encoded] = await createPayloadCodec(K1).encode([toPayload(VALUE)]);
  const data = Buffer.from(sealed.slice(3), 'base64');
  await expect(createPayloadCodec(K1).decode([{ ...encoded, data }])).rejects.toThrow();
});

it('reads histories from before a rotation, and writes with the new key', async () => {
  const old = await createPayloadCodec(K1).encode([toPayload(VALUE)]);
  const [read] = await createPayloadCodec(K2_AND_K1).decode(old);
  expect(fromPayload(read)).toStrictEqual(VALUE);
  const fresh = await createPayloadCodec(K2_AND_K1).encode([toPayload(VALUE)]);
  await expect(createPayloadCodec(K1).decode(fresh)).rejects.toThrow();
  const [reread] = await createPayloadCodec(K2).decode(fresh);
  expect(fromPayload(reread)).toStrictEqual(VALUE);
});
