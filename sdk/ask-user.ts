import type { DenialReason } from '../runtime/device-wire.ts';
import type { ApprovalInput } from './approve.ts';

/** What the user said to one challenge. */
export type UserWord =
  | { readonly kind: 'accept'; readonly input: ApprovalInput }
  | { readonly kind: 'deny'; readonly reason?: DenialReason }
  | { readonly kind: 'cancel' | 'fall_back_to_pin' | 'too_late' };

/** Takes the first word; later ones do nothing. */
export type Take = (word: UserWord) => void;

/** Shows a challenge and waits for the user's word, until `timeoutMs` have passed. Rejects where `show` does. */
export function askUser(timeoutMs: number, show: (take: Take) => void | Promise<void>): Promise<UserWord> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve({ kind: 'too_late' }), timeoutMs);
    const shown = async (): Promise<void> =>
      show((word) => {
        clearTimeout(timer);
        resolve(word);
      });
    shown().catch((error: unknown) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}
