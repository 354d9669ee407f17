import type { Providers } from '../providers.ts';
import type { Phone } from './phone.ts';

/** Its provider refuses the next push to this phone, and only that: nothing else follows from it. */
export async function refuseNextPush({ fcm, apns }: Providers, { platform, pushToken }: Phone): Promise<void> {
  const { url, reply } =
    platform === 'ios' ? { ...apns, reply: 'PayloadTooLarge' } : { ...fcm, reply: 'MESSAGE_TOO_BIG' };
  try {
    await fetch(`${url}/simulator/behaviour`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: pushToken, next: 1, reply }),
      signal: AbortSignal.timeout(5_000),
    });
  } catch {
    // The provider is frozen, which is one of the faults: the push fails for that.
  }
}
