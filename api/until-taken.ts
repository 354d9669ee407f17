import { setTimeout as pause } from 'node:timers/promises';

const MAX_SENDINGS = 10;
const AGAIN_AFTER_MS = 50;

/** Sends a request again where nobody looked at it. Throws what the last sending threw. */
export async function untilTaken<Reply>(
  send: () => Promise<Reply>,
  wasOverlooked: (error: unknown) => boolean,
): Promise<Reply> {
  for (let sending = 1; ; sending += 1) {
    try {
      return await send();
    } catch (error) {
      if (!wasOverlooked(error) || sending === MAX_SENDINGS) throw error;
      await pause(AGAIN_AFTER_MS);
    }
  }
}
