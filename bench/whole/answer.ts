import { performance } from 'node:perf_hooks';
import type { ApprovalInput, Challenge } from '../../sdk/index.ts';
import { PHONE_PIN, type Phone } from './enrol-phone.ts';
import type { Begun, WholeFlow } from './flow.ts';
import type { methodOf } from './methods.ts';

/** Times by `performance.now()`. */
export interface Answered {
  readonly fetchMs?: number;
  /** When the answer was sent, and when its reply was there. */
  readonly sentAtMs: number;
  readonly repliedAtMs: number;
  readonly isRecordedOnly: boolean;
  readonly repeats: number;
}

type Method = ReturnType<typeof methodOf>;

/** The phone fetches what it is asked, or reads the code, and approves. Throws when the approval becomes anything else. */
export async function answerOnPhone(phone: Phone, method: Method, begun: Begun): Promise<Answered> {
  const challenge = await fetchOn(phone, method, begun);
  const fetched = phone.stopwatch.takeExchange();
  const { status } = await phone.client.approve(challenge, inputFor(method, begun));
  const answered = phone.stopwatch.takeExchange();
  if (status !== 'approved' && status !== 'recorded') {
    throw new Error(`the approval of ${begun.transactionId} became ${status}`);
  }
  return {
    fetchMs: fetched.repliedAtMs - fetched.sentAtMs,
    sentAtMs: answered.sentAtMs,
    repliedAtMs: answered.repliedAtMs,
    isRecordedOnly: status === 'recorded',
    repeats: fetched.tries + answered.tries - 2,
  };
}

/** The user types the code of the SMS at the portal, which brings it. */
export async function typeSmsCode({ portal, sms }: WholeFlow, phone: Phone, begun: Begun): Promise<Answered> {
  if (!sms) throw new Error('there is no SMS gateway on this stage');
  const code = await sms.nextCodeAt(phone.phoneNumber);
  const sentAtMs = performance.now();
  await portal.verifySms(phone.userId, begun.transactionId, code);
  return { sentAtMs, repliedAtMs: performance.now(), isRecordedOnly: false, repeats: 0 };
}

function fetchOn({ client }: Phone, method: Method, { transactionId, otp }: Begun): Promise<Challenge> {
  return method.answer === 'code_read' ? client.claimOtp(otp as string) : client.fetchChallenge(transactionId);
}

function inputFor({ answer }: Method, { number }: Begun): ApprovalInput {
  switch (answer) {
    case 'pin':
      return { pin: PHONE_PIN };
    case 'fingerprint':
      return { biometric: true };
    case 'number':
      return { number: number as string };
    default:
      return {};
  }
}
