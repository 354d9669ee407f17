import { setTimeout as pause } from 'node:timers/promises';
import type { Challenge } from '../../sdk/index.ts';
import { PIN_LIMIT, TIME_TO_LIVE_SECONDS } from '../stage.ts';
import { enrolPhone, type Phone } from './phone.ts';
import { createPhoneSide } from './phone-side.ts';
import { playSms } from './play-sms.ts';
import { createPortalSide } from './portal-side.ts';
import { refuseNextPush } from './refuse-next-push.ts';
import type { Begun, ClientSetting, TypeKey } from './setting.ts';

/** More wrong PINs than an enrolment stands, by as many as may be overlooked. */
const BURST = PIN_LIMIT + 2;
const LIFE_MS = TIME_TO_LIVE_SECONDS * 1_000;
const NEAR_THE_END = 0.8;
const TOO_LATE_MS = 500;

/** Begins transactions and does with them what users do, until the run is over. */
export async function driveClient(setting: ClientSetting): Promise<void> {
  const { name, stage, random, signal } = setting;
  let generation = 0;
  let phone = await enrol();
  const portal = createPortalSide(setting, () => phone);
  const { challengeOf, approve, deny, denyAsForeigner } = createPhoneSide(setting);

  async function enrol(): Promise<Phone> {
    generation += 1;
    const enrolled = await enrolPhone(
      stage,
      `${name}-${generation}`,
      setting.index % 3 === 2 ? 'ios' : 'android',
      signal,
    );
    setting.publish(enrolled);
    return enrolled;
  }

  if (setting.beginsWith === 'burst') {
    await burstOfWrongPins();
    phone = await enrol();
  }
  if (setting.beginsWith === 'late') {
    const begun = await portal.begin('push');
    if (begun) await answerTooLate(begun);
  }
  if (setting.beginsWith === 'lost') await answerTwiceWrong();
  while (!signal.aborted) {
    const type = random.pick<TypeKey>({ push: 4, pin: 4, otp: 2, sms: 2, fallback: 3 });
    if (type === 'pin' && random.chance(0.06)) {
      await burstOfWrongPins();
      phone = await enrol();
      continue;
    }
    const obstacle = type === 'fallback' ? random.pick({ none: 2, no_phone: 1, push_refused: 1 }) : 'none';
    if (obstacle === 'push_refused') await refuseNextPush(stage.providers, phone);
    const begun = await portal.begin(type, obstacle === 'no_phone' ? `${phone.userId}-elsewhere` : undefined);
    if (!begun) continue;
    // A push that could not be handed over may have gone on as an SMS: then it is a code that is waited for.
    if (begun.by === 'sms') {
      // The phone may answer all the same, and the first decision counts.
      const isAnswered = obstacle === 'push_refused' && random.chance(0.25);
      await Promise.all([
        playSms(portal, random, begun, stage.providers.twilio.url),
        ...(isAnswered ? [deny(phone, begun)] : []),
      ]);
    } else await play(begun);
    await portal.readResult(begun);
  }

  async function play(begun: Begun): Promise<void> {
    const { type } = begun;
    const how = random.pick({
      approve: 10,
      wrong_first: 3,
      deny: 3,
      resend: 4,
      cancel: 2,
      foreign: 2,
      nothing: 2,
      late: 2,
    });
    if (how === 'nothing') {
      if (type !== 'otp') await portal.resendLater(begun);
      return;
    }
    if (how === 'late') return answerTooLate(begun);
    if (how === 'cancel') return portal.cancel(begun);
    if (how === 'foreign') await denyAsForeigner(begun);
    if (how === 'resend' && type !== 'otp') await portal.resendLater(begun);
    if (how === 'deny' && type !== 'otp') return deny(phone, begun);
    const challenge = await challengeOf(phone, begun);
    if (!challenge) return;
    if (random.chance(0.2)) phone.loseNextReply();
    if (how === 'wrong_first' && type === 'pin') await answer(challenge, 'wrong');
    await answer(challenge, 'right');
    if (random.chance(0.3)) await deny(phone, begun);
  }

  /** A wrong PIN whose reply does not arrive, so that the phone sends the same bytes again: still one attempt. */
  async function answerTwiceWrong(): Promise<void> {
    const begun = await portal.begin('pin');
    const challenge = begun && (await challengeOf(phone, begun));
    if (!challenge) return;
    phone.loseNextReply();
    await answer(challenge, 'wrong');
  }

  /** Sent again near its end, which gives nobody more time. Goes on when the run is over: it is an end that is looked for. */
  async function answerTooLate(begun: Begun): Promise<void> {
    const begunAtMs = Date.now();
    const challenge = await challengeOf(phone, begun);
    await pauseUntil(begunAtMs + NEAR_THE_END * LIFE_MS);
    if (begun.type !== 'otp') await portal.resend(begun);
    await pauseUntil(begunAtMs + LIFE_MS + TOO_LATE_MS);
    if (challenge) await answer(challenge, 'right');
  }

  async function answer(challenge: Challenge, pin: 'right' | 'wrong'): Promise<void> {
    if ((await approve(phone, challenge, pin)) === 'failed' && !signal.aborted) phone = await enrol();
  }

  /** More wrong PINs at once than there are attempts, over as many transactions. */
  async function burstOfWrongPins(): Promise<void> {
    const begun = await Promise.all(Array.from({ length: BURST }, () => portal.begin('pin')));
    const fetched = await Promise.all(begun.map((it) => it && challengeOf(phone, it)));
    const challenges = fetched.filter((challenge) => challenge !== undefined);
    phone.answerTogether(challenges.length);
    await Promise.all(challenges.map((challenge) => approve(phone, challenge, 'wrong')));
  }
}

async function pauseUntil(atMs: number): Promise<void> {
  await pause(Math.max(0, atMs - Date.now()));
}
