import { timingSafeEqual } from 'node:crypto';

/** True when both texts are the same; of texts of one length, takes as long wherever they differ. */
export function isSameText(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
