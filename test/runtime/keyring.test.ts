import { type KeyPurpose, parseKeyring } from '../../runtime/keyring.ts';

const keyOf = (byte: number, length = 32): string => Buffer.alloc(length, byte).toString('base64');
const K1 = `k1:${keyOf(1)}`;
const K2 = `k2:${keyOf(2)}`;
const K3 = `k3:${keyOf(3)}`;
const PURPOSES: readonly KeyPurpose[] = ['payload', 'column', 'challenge-nonce', 'idempotency', 'push-token-lookup'];

describe('reading keys', () => {
  it.each([
    ['one key', K1, 'k1'],
    ['two keys, the newest first', `${K2},${K1}`, 'k2'],
    ['spaces around ids and keys', ` k2 : ${keyOf(2)} , k1 : ${keyOf(1)} `, 'k2'],
    ['a key that is for reading only, before the one in use', `+${K2},${K1}`, 'k1'],
    ['several of them', `+${K3},${K2},${K1}`, 'k2'],
    ['the line feed at the end of a file', `${K1}\n`, 'k1'],
    ['an id with every kind of character', `A_z-09:${keyOf(1)}`, 'A_z-09'],
    ['an id of 32 characters', `${'a'.repeat(32)}:${keyOf(1)}`, 'a'.repeat(32)],
  ])('takes %s', (_name, text, currentId) => {
    expect(parseKeyring(text).currentId).toBe(currentId);
  });

  it.each([
    ['nothing', '', 1],
    ['only a comma', ',', 1],
    ['a key without an id', keyOf(1), 1],
    ['an empty id', `:${keyOf(1)}`, 1],
    ['an id with a full stop, which would blur the seal', `k.1:${keyOf(1)}`, 1],
    ['an id that is too long', `${'a'.repeat(33)}:${keyOf(1)}`, 1],
    ['a key of 31 bytes', `k1:${keyOf(1, 31)}`, 1],
    ['a key of 33 bytes', `k1:${keyOf(1, 33)}`, 1],
    ['no key', 'k1:', 1],
    ['a key in hexadecimal', `k1:${Buffer.alloc(32, 1).toString('hex')}`, 1],
    ['a comma at the end', `${K1},`, 2],
    ['the same id twice', `${K1},k1:${keyOf(2)}`, 2],
    ['a faulty key between good ones', `${K1},k2:${keyOf(2, 16)},${K3}`, 2],
    ['a faulty key at the end', `${K1},${K2},k3`, 3],
    ['keys that are separated by a semicolon', `${K1};${K2}`, 1],
    ['a key with something behind it', `k1:${keyOf(1)}garbage`, 1],
    ['a key with something foreign in it', `k1:!!${keyOf(1)}`, 1],
  ])('refuses %s and says where', (_name, text, position) => {
    expect(() => parseKeyring(text)).toThrow(`entry ${position} must be id:base64`);
  });

  it.each([
    ['alone', `+${K1}`],
    ['at the end, where lookups hang on it', `${K1},+${K2}`],
  ])('refuses a key for reading only %s', (_name, text) => {
    expect(() => parseKeyring(text)).toThrow('the last entry must be in use');
  });

  it('reads by a key that is for reading only, and looks up by the oldest one', () => {
    const [before, told, after] = [K1, `+${K2},${K1}`, `${K2},${K1}`].map(parseKeyring);
    expect(told?.encryptionKey('column', 'k2')?.equals(after?.encryptionKey('column', 'k2') as never)).toBe(true);
    expect(told?.lastingMac('idempotency', 'a')).toEqual(before?.lastingMac('idempotency', 'a'));
    expect(after?.lastingMac('idempotency', 'a')).toEqual(before?.lastingMac('idempotency', 'a'));
  });

  it.each([
    ['a short key', `topsecret:${keyOf(7, 31)}`],
    ['a repeated id', `topsecret:${keyOf(7)},topsecret:${keyOf(8)}`],
    ['no id', keyOf(7)],
  ])('prints no value when it refuses %s', (_name, text) => {
    let message = '';
    try {
      parseKeyring(text);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(/^entry \d+ must be/);
    expect(message).not.toContain('topsecret');
    for (const part of text.split(/[:,]/)) expect(message).not.toContain(part);
  });
});

describe('encryption keys', () => {
  it('have 256 bits and differ by purpose and by id', () => {
    const keyring = parseKeyring(`${K2},${K1}`);
    const keys = PURPOSES.flatMap((purpose) => ['k1', 'k2'].map((id) => keyring.encryptionKey(purpose, id)));
    for (const key of keys) expect(key?.symmetricKeySize).toBe(32);
    expect(new Set(keys.map((key) => key?.export().toString('hex'))).size).toBe(PURPOSES.length * 2);
  });

  it('are never the configured key itself', () => {
    const keyring = parseKeyring(K1);
    for (const purpose of PURPOSES)
      expect(keyring.encryptionKey(purpose, 'k1')?.export().toString('base64')).not.toBe(keyOf(1));
  });

  it('are the same in another process, and after more keys were configured', () => {
    const before = parseKeyring(K1).encryptionKey('column', 'k1')?.export();
    expect(parseKeyring(K1).encryptionKey('column', 'k1')?.export()).toStrictEqual(before);
    expect(parseKeyring(`${K3},${K2},${K1}`).encryptionKey('column', 'k1')?.export()).toStrictEqual(before);
  });

  it('are undefined for an id that is not configured', () => {
    expect(parseKeyring(K1).encryptionKey('column', 'k2')).toBeUndefined();
    expect(parseKeyring(K1).encryptionKey('column', '')).toBeUndefined();
  });
});

describe('lasting codes', () => {
  const lookup = (text: string, ...parts: string[]): string =>
    parseKeyring(text)
      .lastingMac('push-token-lookup', ...parts)
      .toString('hex');

  it('stay the same when a newer key is put in front', () => {
    expect(lookup(`${K2},${K1}`, 'app', 'token')).toBe(lookup(K1, 'app', 'token'));
    expect(lookup(`${K3},${K2},${K1}`, 'app', 'token')).toBe(lookup(K1, 'app', 'token'));
  });

  it('change with the oldest key', () => {
    expect(lookup(K2, 'app', 'token')).not.toBe(lookup(K1, 'app', 'token'));
    expect(lookup(`${K1},${K2}`, 'app', 'token')).not.toBe(lookup(`${K2},${K1}`, 'app', 'token'));
  });

  it('differ by purpose', () => {
    const macs = PURPOSES.map((purpose) => parseKeyring(K1).lastingMac(purpose, 'a').toString('hex'));
    expect(new Set(macs).size).toBe(PURPOSES.length);
  });

  it('tell apart where one part ends and the next begins', () => {
    const all: readonly string[][] = [
      ['ab', 'c'],
      ['a', 'bc'],
      ['abc'],
      ['', 'abc'],
      ['abc', ''],
      ['1:a', '2:bc'],
      ['a2:bc'],
      [],
      [''],
      ['', ''],
      ['é'],
      ['e'],
    ];
    expect(new Set(all.map((parts) => lookup(K1, ...parts))).size).toBe(all.length);
  });
});
