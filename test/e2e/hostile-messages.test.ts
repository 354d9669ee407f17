import fc from 'fast-check';
import { ERRORS, type ErrorCode } from '../../runtime/errors.ts';
import { createRawPhone, type RawPhone, type RawReply } from '../support/raw-phone.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

/** Fewer than the refusals after which a transaction does not listen any more. */
const PER_TRANSACTION = 40;
const RUNS = 250;

describe('a thousand hostile messages of a phone', () => {
  let stack: Stack;
  let phone: Phone;
  let raw: RawPhone;
  let transactionId: string;
  let sent = 0;

  beforeAll(async () => {
    stack = await startStack();
    phone = await stack.enrolPhone('alice');
    raw = await createRawPhone(stack.apiUrl, phone);
    transactionId = await stack.begin(phone);
  });
  afterAll(() => stack?.stop());

  const expectDefinedRefusal = ({ status, body }: RawReply) => {
    expect(Object.keys(ERRORS)).toContain(body.code);
    expect(status).toBe(ERRORS[body.code as ErrorCode].status);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  };

  /** Sends one answer, to a transaction that still listens, and sees that it stays undecided. */
  async function answer(armored: string): Promise<void> {
    sent += 1;
    if (sent % PER_TRANSACTION === 0) {
      expect((await stack.portal.result(transactionId)).body.status).toBe('pending');
      await stack.portal.cancel(transactionId);
      transactionId = await stack.begin(phone);
    }
    expectDefinedRefusal(await raw.answer(transactionId, armored));
  }

  const check = (property: fc.IAsyncProperty<[unknown, ...unknown[]]> | fc.IAsyncProperty<[unknown]>) =>
    fc.assert(property as fc.IAsyncProperty<[unknown]>, { numRuns: RUNS, seed: 20_261_124 });

  it('in which some bytes of a true answer were changed', async () => {
    const nonce = await raw.fetchNonce(transactionId);
    const change = fc.record({ at: fc.nat(), to: fc.integer({ min: 33, max: 126 }) });
    await check(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const honest = await raw.seal({
          ...{ purpose: 'answer', transactionId, enrolmentId: raw.enrolmentId, decision: 'approve', nonce },
        });
        // Inside the armor's body: its head and foot may be changed without changing the message.
        const start = honest.indexOf('\n\n') + 2;
        const length = honest.indexOf('\n=', start) - start;
        const bytes = [...honest];
        for (const { at, to } of changes) {
          const index = start + (at % length);
          const next = String.fromCharCode(to);
          if (bytes[index] !== '\n') bytes[index] = next === bytes[index] ? '!' : next;
        }
        const mutated = bytes.join('');
        if (mutated !== honest) await answer(mutated);
      }),
    );
  });

  it('that are truly signed and say anything but an answer', async () => {
    await check(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        await answer(await raw.seal(value));
      }),
    );
  });

  it('that are almost an approval', async () => {
    const spoilt = fc.constantFrom('purpose', 'transactionId', 'enrolmentId', 'decision', 'nonce');
    await check(
      fc.asyncProperty(spoilt, fc.jsonValue(), async (name, value) => {
        const nonce = 'not-the-nonce';
        const almost = { purpose: 'answer', transactionId, enrolmentId: raw.enrolmentId, decision: 'approve', nonce };
        await answer(await raw.seal({ ...almost, [name]: value === 'deny' ? 'approve' : value }));
      }),
    );
  });

  it('whose body or request is anything', async () => {
    await check(
      fc.asyncProperty(fc.jsonValue(), fc.constantFrom('fetch', 'answer', 'elsewhere'), async (body, operation) => {
        const reply = await raw.request('POST', `/device/v1/transactions/${transactionId}/${operation}`, { body });
        expectDefinedRefusal(reply);
      }),
    );
    expect((await stack.portal.result(transactionId)).body.status).toBe('pending');
  });

  it('leave the transaction to the one true answer', async () => {
    transactionId = await stack.begin(phone);
    expect((await raw.answer(transactionId, await raw.approval(transactionId))).status).toBe(200);
    expect(stack.api.output()).not.toMatch(/request failed/);
  });
});
