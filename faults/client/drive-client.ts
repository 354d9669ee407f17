import { setTimeout as pause } from 'node:timers/promises';
import type { Challenge } from '../../sdk/index.ts';
import type { Random } from '../random.ts';
import type { Recorder } from '../record.ts';
import { type Stage, TIME_TO_LIVE_SECONDS, TYPES } from '../stage.ts';
import { attempt } from './attempt.ts';
import { enrolPhone, type Phone, PIN } from './phone.ts';

const WRONG_PIN = '48152';

/** Everything one client of the run works with. */
export interface ClientSetting {
  readonly name: string;
  readonly stage: Stage;
  readonly recorder: Recorder;
  readonly random: Random;
  readonly callbackUri: string;
  /** Another client's phone, which must never be heard. */
  readonly foreignPhone: () => Phone | undefined;
  /** Uses up its attempts first of all, so that every run has seen that. */
  readonly beginsWithBurst: boolean;
  readonly publish: (phone: Phone) => void;
  /** Aborted when the run is over: nothing new is begun. */
  readonly signal: AbortSignal;
}

type TypeKey = keyof typeof TYPES;

/** Begins transactions and does with them what users do, until the run is over. */
export async function driveClient(setting: ClientSetting): Promise<void> {
  const { name, stage, recorder, random, signal } = setting;
  let generation = 0;
  const otps = new Map<string, string>();
  let phone = await enrol();

  async function enrol(): Promise<Phone> {
    generation += 1;
    const enrolled = await enrolPhone(stage, `${name}-${generation}`, signal);
    setting.publish(enrolled);
    return enrolled;
  }

  if (setting.beginsWithBurst) {
    await burstOfWrongPins();
    phone = await enrol();
  }
  while (!signal.aborted) {
    const type = random.pick<TypeKey>({ push: 4, pin: 4, otp: 2 });
    if (type === 'pin' && random.chance(0.06)) {
      await burstOfWrongPins();
      phone = await enrol();
      continue;
    }
    const transactionId = await begin(type);
    if (transactionId === undefined) continue;
    await play(type, transactionId);
    await readResult(transactionId);
  }

  async function begin(type: TypeKey): Promise<string | undefined> {
    const idempotencyKey = random.chance(0.5) ? `${name}-${random.next()}` : undefined;
    const request = {
      type: TYPES[type].name,
      callbackUri: setting.callbackUri,
      ...(type !== 'otp' && { userId: phone.userId, deviceId: phone.deviceId }),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    };
    const call = async () => {
      const begun = await stage.portal.begin(request);
      otps.set(begun.transaction_id, begun.otp ?? '');
      return { says: begun.auth_method, transactionId: begun.transaction_id, value: begun.transaction_id };
    };
    const once = () => attempt(recorder, name, { operation: 'begin', transactionId: null }, call);
    // With a key the portal may come back for the reply that it did not get.
    return (await once()) ?? (idempotencyKey === undefined ? undefined : await once());
  }

  async function challengeOf(type: TypeKey, transactionId: string): Promise<Challenge | undefined> {
    const fetch = (): Promise<Challenge> =>
      type === 'otp'
        ? phone.client.claimOtp(otps.get(transactionId) ?? '')
        : phone.client.fetchChallenge(transactionId);
    return attempt(recorder, name, { operation: 'claim', transactionId, enrolmentId: phone.enrolmentId }, async () => ({
      says: 'fetched',
      value: await fetch(),
    }));
  }

  async function play(type: TypeKey, transactionId: string): Promise<void> {
    const how = random.pick({ approve: 10, wrong_first: 3, deny: 3, resend: 4, cancel: 2, foreign: 2, nothing: 2 });
    if (how === 'nothing') {
      if (type !== 'otp') await resendLate(transactionId);
      return;
    }
    if (how === 'cancel') return cancel(transactionId);
    if (how === 'foreign') await denyAsForeigner(transactionId);
    if (how === 'resend' && type !== 'otp') await resendLate(transactionId);
    if (how === 'deny' && type !== 'otp') return deny(transactionId);
    const challenge = await challengeOf(type, transactionId);
    if (!challenge) return;
    if (random.chance(0.2)) phone.loseNextReply();
    if (how === 'wrong_first' && type === 'pin') await approve(challenge, 'wrong');
    await approve(challenge, 'right');
    if (random.chance(0.3)) await deny(transactionId);
  }

  async function approve(challenge: Challenge, pin: 'right' | 'wrong'): Promise<void> {
    const { transactionId, method } = challenge;
    const isPin = method === 'push_with_pin';
    const facts = {
      ...({ operation: 'answer', transactionId, enrolmentId: phone.enrolmentId, wanted: 'approve' } as const),
      ...(isPin && { pin }),
    };
    const input = isPin ? { pin: pin === 'right' ? PIN : WRONG_PIN } : {};
    const status = await attempt(recorder, name, facts, async () => {
      const outcome = await phone.client.approve(challenge, input);
      return { says: outcome.status, value: outcome.status };
    });
    if (status === 'failed') phone = await enrol();
  }

  async function deny(transactionId: string): Promise<void> {
    const { enrolmentId } = phone;
    const facts = { operation: 'deny', transactionId, enrolmentId, wanted: 'deny' } as const;
    await attempt(recorder, name, facts, async () => {
      const { status } = await phone.client.deny(transactionId, { reason: 'cancelled' });
      return { says: status, value: status };
    });
  }

  async function denyAsForeigner(transactionId: string): Promise<void> {
    const foreigner = setting.foreignPhone();
    if (!foreigner) return;
    const { enrolmentId } = foreigner;
    await attempt(recorder, name, { operation: 'answer_foreign', transactionId, enrolmentId }, async () => {
      const { status } = await foreigner.client.deny(transactionId);
      return { says: status, value: status };
    });
  }

  async function cancel(transactionId: string): Promise<void> {
    await attempt(recorder, name, { operation: 'cancel', transactionId }, async () => {
      await stage.portal.cancel(transactionId);
      return { says: 'over', value: true };
    });
  }

  async function resendLate(transactionId: string): Promise<void> {
    await pause(random.below((TIME_TO_LIVE_SECONDS * 1_000) / 2), undefined, { signal }).catch(() => {});
    await attempt(recorder, name, { operation: 'resend', transactionId }, async () => {
      await stage.portal.resend(phone.userId, transactionId);
      return { says: 'resent', value: true };
    });
  }

  async function readResult(transactionId: string): Promise<void> {
    await attempt(recorder, name, { operation: 'result', transactionId }, async () => {
      const { status } = await stage.portal.result(transactionId);
      return { says: status, value: status };
    });
  }

  /** More wrong PINs at once than there are attempts, over as many transactions. */
  async function burstOfWrongPins(): Promise<void> {
    const challenges: Challenge[] = [];
    for (let count = 0; count < 5; count += 1) {
      const transactionId = await begin('pin');
      const challenge = transactionId === undefined ? undefined : await challengeOf('pin', transactionId);
      if (challenge) challenges.push(challenge);
    }
    const { client, enrolmentId } = phone;
    await Promise.all(
      challenges.map((challenge) => {
        const { transactionId } = challenge;
        const facts = { operation: 'answer', transactionId, enrolmentId, wanted: 'approve', pin: 'wrong' } as const;
        return attempt(recorder, name, facts, async () => {
          const { status } = await client.approve(challenge, { pin: WRONG_PIN });
          return { says: status, value: status };
        });
      }),
    );
  }
}
