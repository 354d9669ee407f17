import { setTimeout as pause } from 'node:timers/promises';
import type { BeginRequest } from '../../dev/cli/portal-api.ts';
import { TIME_TO_LIVE_SECONDS, TYPES } from '../stage.ts';
import { attempt } from './attempt.ts';
import type { Phone } from './phone.ts';
import type { Begun, ClientSetting, TypeKey } from './setting.ts';

/** What the client does as the portal of its user. */
export type PortalSide = ReturnType<typeof createPortalSide>;

/** `phoneOf` is the user's phone at present. */
export function createPortalSide(setting: ClientSetting, phoneOf: () => Phone) {
  const { name, index, stage, recorder, random, signal } = setting;
  let numbers = 0;

  /** A number for each transaction: what arrives there belongs to it. */
  function nextNumber(): string {
    numbers += 1;
    return `+3161${String(index).padStart(2, '0')}${String(numbers).padStart(5, '0')}`;
  }

  function requestOf(type: TypeKey, userId: string, phoneNumber: string | undefined): BeginRequest {
    const idempotencyKey = random.chance(0.5) ? `${name}-${random.next()}` : undefined;
    return {
      type: TYPES[type].name,
      ...(type !== 'sms' && { callbackUri: setting.callbackUri }),
      ...(type !== 'otp' && { userId }),
      ...(!['otp', 'sms'].includes(type) && { deviceId: phoneOf().deviceId }),
      ...(phoneNumber !== undefined && { phoneNumber }),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    };
  }

  /** Undefined where it was not acknowledged. */
  async function begin(type: TypeKey, userId = phoneOf().userId): Promise<Begun | undefined> {
    const phoneNumber = ['sms', 'fallback'].includes(type) ? nextNumber() : undefined;
    const request = requestOf(type, userId, phoneNumber);
    const once = () =>
      attempt(recorder, name, { operation: 'begin', transactionId: null }, async () => {
        const { transaction_id: transactionId, auth_method: by, otp = '' } = await stage.portal.begin(request);
        return { says: by, transactionId, value: { transactionId, userId, type, by, otp, phoneNumber } };
      });
    // With a key the portal may come back for the reply that it did not get.
    return (await once()) ?? (request.idempotencyKey === undefined ? undefined : await once());
  }

  async function cancel({ transactionId }: Begun): Promise<void> {
    await attempt(recorder, name, { operation: 'cancel', transactionId }, async () => {
      await stage.portal.cancel(transactionId);
      return { says: 'over', value: true };
    });
  }

  async function resend({ transactionId, userId, by }: Begun): Promise<void> {
    await attempt(recorder, name, { operation: 'resend', transactionId }, async () => {
      await stage.portal.resend(userId, transactionId, by === 'sms' ? 'sms' : 'push');
      return { says: 'resent', value: true };
    });
  }

  /** At any time of the first half of its life. */
  async function resendLater(begun: Begun): Promise<void> {
    await pause(random.below((TIME_TO_LIVE_SECONDS * 1_000) / 2), undefined, { signal }).catch(() => {});
    await resend(begun);
  }

  /** Brings a code back; 200 says that it was right. */
  async function verify({ transactionId, userId }: Begun, code: string, isRight: boolean): Promise<void> {
    const facts = { operation: 'verify', transactionId, code: isRight ? 'right' : 'wrong' } as const;
    await attempt(recorder, name, facts, async () => {
      await stage.portal.verifySms(userId, transactionId, code);
      return { says: 'approved', value: true };
    });
  }

  async function readResult({ transactionId }: Begun): Promise<void> {
    await attempt(recorder, name, { operation: 'result', transactionId }, async () => {
      const { status } = await stage.portal.result(transactionId);
      return { says: status, value: status };
    });
  }

  return { begin, cancel, resend, resendLater, verify, readResult };
}
