import { challengeNonceOf } from '../../runtime/challenge-nonce.ts';
import { parseKeyring } from '../../runtime/keyring.ts';
import { seal, unseal } from '../../runtime/sealing.ts';

const keyOf = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
const K1 = parseKeyring(`k1:${keyOf(1)}`);
const K2_AND_K1 = parseKeyring(`k2:${keyOf(2)},k1:${keyOf(1)}`);
const K2 = parseKeyring(`k2:${keyOf(2)}`);
const OTHER_K1 = parseKeyring(`k1:${keyOf(9)}`);
const COLUMN = 'transactions.sealed_message';

it.each([
  ['a sentence', 'Pay 10 € to Bob?'],
  ['nothing', ''],
  ['a long text', 'x'.repeat(100_000)],
  ['full stops', 'a.b.c'],
  ['characters of every plane', 'né 漢字 🙂\u0000\n'],
])('opens what it sealed: %s', (_name, plain) => {
  expect(unseal(K1, COLUMN, 'row', seal(K1, COLUMN, 'row', plain))).toBe(plain);
});

it('shows nothing of what it sealed, and the same text never alike', () => {
  const plain = 'Pay 10 EUR to Bob?';
  const one = seal(K1, COLUMN, 'row', plain);
  const two = seal(K1, COLUMN, 'row', plain);
  expect(one).not.toBe(two);
  expect(one).toMatch(/^k1\.[A-Za-z0-9+/]+=*$/);
  const bytes = Buffer.from(one.slice(3), 'base64');
  expect(bytes.includes(plain)).toBe(false);
  expect(bytes.includes('EUR')).toBe(false);
});

it.each([
  ['another column', K1, 'transactions.sealed_secure_message', 'row'],
  ['another row', K1, COLUMN, 'row2'],
  ['no row', K1, COLUMN, ''],
  ['another key of the same id', OTHER_K1, COLUMN, 'row'],
  ['a key of another id', K2, COLUMN, 'row'],
])('does not open in %s', (_name, keyring, column, row) => {
  const sealed = seal(K1, COLUMN, 'row', 'a secret');
  expect(() => unseal(keyring, column, row, sealed)).toThrow();
});

it('does not open when a single bit was flipped, wherever', () => {
  const sealed = seal(K1, COLUMN, 'row', 'ab');
  const bytes = Buffer.from(sealed.slice(3), 'base64');
  const opened: number[] = [];
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    try {
      unseal(K1, COLUMN, 'row', `k1.${flipped.toString('base64')}`);
      opened.push(bit);
    } catch {
      // Refused, as it must be.
    }
  }
  expect(opened).toStrictEqual([]);
});

it.each([
  ['nothing', ''],
  ['no key id', 'AAAA'],
  ['a key id alone', 'k1.'],
  ['too few bytes', 'k1.AAAA'],
  ['the plain text', 'Pay 10 EUR to Bob?'],
  ['a shortened value', seal(K1, COLUMN, 'row', 'a secret').slice(0, -8)],
])('does not open %s', (_name, text) => {
  expect(() => unseal(K1, COLUMN, 'row', text)).toThrow();
});

it('names column but neither value nor key when no configured key fits', () => {
  const sealed = seal(K1, COLUMN, 'row', 'a secret');
  expect(() => unseal(K2, COLUMN, 'row', sealed)).toThrow(new Error(`no configured key opens ${COLUMN}`));
});

describe('after a rotation', () => {
  it('opens what the old key sealed', () => {
    expect(unseal(K2_AND_K1, COLUMN, 'row', seal(K1, COLUMN, 'row', 'old'))).toBe('old');
  });

  it('seals with the new key', () => {
    const sealed = seal(K2_AND_K1, COLUMN, 'row', 'new');
    expect(unseal(K2, COLUMN, 'row', sealed)).toBe('new');
    expect(() => unseal(K1, COLUMN, 'row', sealed)).toThrow();
  });
});

describe('the nonce of a challenge', () => {
  it('is the same for API and worker, also while keys are rotated', () => {
    const nonce = challengeNonceOf(K1, 'transaction', 'enrolment');
    expect(challengeNonceOf(K2_AND_K1, 'transaction', 'enrolment')).toBe(nonce);
    expect(nonce).toMatch(/^[\w-]{43}$/);
  });

  it('differs by transaction, by enrolment and by installation', () => {
    const nonces = [
      challengeNonceOf(K1, 'transaction', 'enrolment'),
      challengeNonceOf(K1, 'transaction', 'enrolment2'),
      challengeNonceOf(K1, 'transaction2', 'enrolment'),
      challengeNonceOf(K1, 'transactione', 'nrolment'),
      challengeNonceOf(K1, 'enrolment', 'transaction'),
      challengeNonceOf(OTHER_K1, 'transaction', 'enrolment'),
    ];
    expect(new Set(nonces).size).toBe(nonces.length);
  });
});
