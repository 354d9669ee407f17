import { createPublicKey, verify } from 'node:crypto';
import { createPinKey, signWithPin } from '../../sdk/pin-key.ts';
import { objectionToPin } from '../../sdk/pin-policy.ts';

const verifies = (publicKey: string, statement: string, signature: string): boolean =>
  verify(
    null,
    Buffer.from(statement),
    createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' }),
    Buffer.from(signature, 'base64url'),
  );

describe('a PIN key', () => {
  it('is unmasked by its PIN', async () => {
    const { kept, publicKey } = await createPinKey('48151');
    expect(verifies(publicKey, 'statement', await signWithPin(kept, '48151', 'statement'))).toBe(true);
  });

  it('gives every other PIN a key too, so that the phone alone can not tell a right guess from a wrong one', async () => {
    const { kept, publicKey } = await createPinKey('48151');
    for (const guess of ['48152', '00000', '1', '9'.repeat(32)]) {
      const signature = await signWithPin(kept, guess, 'statement');
      expect(Buffer.from(signature, 'base64url')).toHaveLength(64);
      expect(verifies(publicKey, 'statement', signature)).toBe(false);
    }
  });

  it("needs the phone's store and the server's public half together to test a guess", async () => {
    const { kept, publicKey } = await createPinKey('48151');
    const guesses = ['48149', '48150', '48151', '48152'];
    const withBoth = [];
    for (const guess of guesses) withBoth.push(verifies(publicKey, 's', await signWithPin(kept, guess, 's')));
    expect(withBoth).toEqual([false, false, true, false]);
    expect(Object.keys(kept).sort()).toEqual(['maskedSeed', 'salt']);
    expect(Buffer.from(kept.maskedSeed, 'base64url')).toHaveLength(32);
    expect(Buffer.from(kept.salt, 'base64url')).toHaveLength(16);
  });

  it('is another one each time, also for the same PIN', async () => {
    const [one, other] = [await createPinKey('48151'), await createPinKey('48151')];
    expect(one.publicKey).not.toBe(other.publicKey);
    expect(one.kept.salt).not.toBe(other.kept.salt);
    expect(one.kept.maskedSeed).not.toBe(other.kept.maskedSeed);
  });
});

describe('a PIN', () => {
  it.each([
    ['4815', 'pin_length'],
    ['1'.repeat(33), 'pin_length'],
    ['', 'pin_length'],
    ['4815a', 'pin_not_digits'],
    ['４８１５１', 'pin_not_digits'],
    ['11111', 'pin_too_simple'],
    ['12345', 'pin_too_simple'],
    ['54321', 'pin_too_simple'],
    ['67890', 'pin_too_simple'],
    ['21098', 'pin_too_simple'],
    ['48151', undefined],
    ['12354', undefined],
    [`${'9'.repeat(31)}1`, undefined],
  ])('%j is judged as %s', (pin, objection) => {
    expect(objectionToPin(pin)).toBe(objection);
  });
});
