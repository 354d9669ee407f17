import type { DenialReason } from '../runtime/device-wire.ts';
import type { ApprovalInput } from './approve.ts';

/** What the user said to one challenge. */
export type UserWord =
  | { readonly kind: 'accept'; readonly input: ApprovalInput }
  | { readonly kind: 'deny'; readonly reason?: DenialReason }
  | { readonly kind: 'cancel' | 'fall_back_to_pin' | 'too_late' };

/** Takes the first word; later ones do nothing. */
export type Take = (word: UserWord) => void;

/** Shows a challenge and waits for the user's word, until `timeoutMs` have passed. Rejects where `show` throws. */
export function askUser(timeoutMs: number, show: (take: Take) => void): Promise<UserWord> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve({ kind: 'too_late' }), timeoutMs);
    const take: Take = (word) => {
      clearTimeout(timer);
      resolve(word);
    };
    try {
      show(take);
    } catch (error) {
      clearTimeout(timer);
      reject(error);
    }
  });
}
