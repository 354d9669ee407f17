import type { Challenge } from '../../sdk/index.ts';
import { attempt } from './attempt.ts';
import { type Phone, PIN } from './phone.ts';
import type { Begun, ClientSetting } from './setting.ts';

const WRONG_PIN = '48152';

/** What the client does as the phone of its user. */
export type PhoneSide = ReturnType<typeof createPhoneSide>;

export function createPhoneSide({ name, recorder, foreignPhone }: ClientSetting) {
  async function challengeOf(phone: Phone, { transactionId, type, otp }: Begun): Promise<Challenge | undefined> {
    const { client, enrolmentId } = phone;
    return attempt(recorder, name, { operation: 'claim', transactionId, enrolmentId }, async () => ({
      says: 'fetched',
      value: await (type === 'otp' ? client.claimOtp(otp) : client.fetchChallenge(transactionId)),
    }));
  }

  /** The status that the phone was told; `failed` where that was its last attempt. */
  async function approve(phone: Phone, challenge: Challenge, pin: 'right' | 'wrong'): Promise<string | undefined> {
    const { transactionId, method } = challenge;
    const isPin = method === 'push_with_pin';
    const facts = {
      ...({ operation: 'answer', transactionId, enrolmentId: phone.enrolmentId, wanted: 'approve' } as const),
      ...(isPin && { pin }),
    };
    const input = isPin ? { pin: pin === 'right' ? PIN : WRONG_PIN } : {};
    return attempt(recorder, name, facts, async () => {
      const { status } = await phone.client.approve(challenge, input);
      return { says: status, value: status };
    });
  }

  async function deny({ client, enrolmentId }: Phone, { transactionId }: Begun): Promise<void> {
    const facts = { operation: 'deny', transactionId, enrolmentId, wanted: 'deny' } as const;
    await attempt(recorder, name, facts, async () => {
      const { status } = await client.deny(transactionId, { reason: 'cancelled' });
      return { says: status, value: status };
    });
  }

  async function denyAsForeigner({ transactionId }: Begun): Promise<void> {
    const foreigner = foreignPhone();
    if (!foreigner) return;
    const { enrolmentId } = foreigner;
    await attempt(recorder, name, { operation: 'answer_foreign', transactionId, enrolmentId }, async () => {
      const { status } = await foreigner.client.deny(transactionId);
      return { says: status, value: status };
    });
  }

  return { challengeOf, approve, deny, denyAsForeigner };
}
