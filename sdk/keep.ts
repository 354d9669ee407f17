/** More than a phone meets in an hour; past it the oldest is forgotten. */
const MAX_KEPT = 256;

/** `kept` without what is past its time, and with `entry` as the last one. */
export function keep<Entry extends { readonly keepUntil: string }>(
  kept: readonly Entry[],
  entry: Entry,
  nowMs: number,
): readonly Entry[] {
  const fresh = kept.filter((other) => Date.parse(other.keepUntil) > nowMs);
  return [...fresh, entry].slice(-MAX_KEPT);
}
