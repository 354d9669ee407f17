import type { Random } from '../random.ts';
import type { PortalSide } from './portal-side.ts';
import type { Begun } from './setting.ts';
import { codeSentTo, wrongCodeFor } from './sms-inbox.ts';

/** More at once than may be tried. */
const BURST = 5;

/** What a user does whose code comes by SMS. */
export async function playSms(
  { verify, cancel, resendLater }: PortalSide,
  random: Random,
  begun: Begun,
  twilioUrl: string,
): Promise<void> {
  const how = random.pick({ right: 8, wrong_first: 4, twice_at_once: 2, burst: 2, resend: 3, cancel: 2, nothing: 1 });
  if (how === 'nothing') return;
  if (how === 'cancel') return cancel(begun);
  if (how === 'resend') await resendLater(begun);
  const code = await codeSentTo(twilioUrl, begun.phoneNumber as string);
  if (code === undefined) return;
  const right = () => verify(begun, code, true);
  const wrong = (count: number) => verify(begun, wrongCodeFor(code, count), false);
  if (how === 'burst') await Promise.all(Array.from({ length: BURST }, (_, count) => wrong(count)));
  if (how === 'wrong_first') await wrong(0);
  if (how === 'twice_at_once') await Promise.all([right(), right()]);
  await right();
  // A code is good once.
  if (random.chance(0.3)) await right();
}
