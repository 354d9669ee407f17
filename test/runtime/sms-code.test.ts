import { randomBytes, randomUUID } from 'node:crypto';
import { parseKeyring } from '../../runtime/keyring.ts';
import { isSmsCodeMac, smsCodeMacOf, smsCodeOf } from '../../runtime/sms-code.ts';
import { transactionNumberOf } from '../../runtime/transaction-number.ts';

const oldKey = `k1:${randomBytes(32).toString('base64')}`;
const keyring = parseKeyring(oldKey);
const ids = Array.from({ length: 20_000 }, () => randomUUID());

it('is six digits, the same every time, and another one for nearly every transaction', () => {
  const codes = ids.map((id) => smsCodeOf(keyring, id));
  expect(codes.every((code) => /^\d{6}$/.test(code))).toBe(true);
  expect(ids.map((id) => smsCodeOf(keyring, id))).toStrictEqual(codes);
  // Of 20,000 draws from a million some 198 meet by chance.
  expect(new Set(codes).size).toBeGreaterThan(19_500);
});

it('uses every digit equally often in every place', () => {
  const codes = ids.map((id) => smsCodeOf(keyring, id));
  for (let place = 0; place < 6; place += 1) {
    for (let digit = 0; digit < 10; digit += 1) {
      const count = codes.filter((code) => code[place] === String(digit)).length;
      // 2,000 expected, with a standard deviation of 42: seven of them are never left by chance.
      expect(Math.abs(count - 2_000)).toBeLessThan(300);
    }
  }
});

it('stays the same when a new key is put in front', () => {
  const rotated = parseKeyring(`k2:${randomBytes(32).toString('base64')},${oldKey}`);
  expect(smsCodeOf(rotated, ids[0] as string)).toBe(smsCodeOf(keyring, ids[0] as string));
});

it('has nothing to do with the number that is shown for the same transaction, nor with the code under another key', () => {
  const other = parseKeyring(`k1:${randomBytes(32).toString('base64')}`);
  const some = ids.slice(0, 1_000);
  const alike = (text: (id: string) => string) => some.filter((id) => text(id) === smsCodeOf(keyring, id)).length;
  expect(alike((id) => transactionNumberOf(keyring, id, 6))).toBeLessThan(5);
  expect(alike((id) => smsCodeOf(other, id))).toBeLessThan(5);
});

describe('a code that is brought back', () => {
  const id = ids[0] as string;
  const code = smsCodeOf(keyring, id);
  const isRight = (transactionId: string, given: string) =>
    isSmsCodeMac(keyring, transactionId, smsCodeMacOf(keyring, transactionId, given));

  it('is right when it is the code', () => {
    expect(isRight(id, code)).toBe(true);
  });

  it.each([
    ['another code', String((Number(code) + 1) % 1_000_000).padStart(6, '0')],
    ['nothing', ''],
    ['a part of it', code.slice(0, 5)],
    ['more than it', `${code}0`],
    ['it with a space', `${code} `],
    ['its digits in another script', code.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)))],
  ])('is wrong when it is %s', (_name, given) => {
    expect(isRight(id, given)).toBe(false);
  });

  it('is wrong for another transaction', () => {
    const another = ids.find((other) => smsCodeOf(keyring, other) !== code) as string;
    expect(isRight(another, code)).toBe(false);
  });

  it('is told by a MAC that is good for this transaction alone, and shows no code', () => {
    const mac = smsCodeMacOf(keyring, id, code);
    expect(mac).toMatch(/^[\w-]{43}$/);
    expect(isSmsCodeMac(keyring, ids[1] as string, mac)).toBe(false);
    for (const forged of ['', 'x', code, `${mac}x`]) expect(isSmsCodeMac(keyring, id, forged)).toBe(false);
  });
});
