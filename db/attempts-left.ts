/** What a statement found that charges an attempt before it is judged, so that sixteen at once cost sixteen. */
export interface Charge {
  /** Null when there is nothing to charge. */
  readonly limit: number | null;
  /** False for an attempt that was charged before. */
  readonly isFresh: boolean;
  /** Attempts used, this one included; null when it was one too many, or charged before. */
  readonly counted: number | null;
}

/**
 * How many attempts a charge leaves; `none_left` when there was none to charge. `readUsed` tells by a statement of its own
 * how many are used: the one that charges does not see yet what it has waited for.
 */
export async function attemptsLeft(
  charge: Charge | undefined,
  readUsed: () => Promise<number | undefined>,
): Promise<number | 'none_left'> {
  if (!charge || charge.limit === null) return 'none_left';
  if (charge.isFresh) return charge.counted === null ? 'none_left' : charge.limit - charge.counted;
  const used = await readUsed();
  return used === undefined ? 'none_left' : Math.max(0, charge.limit - used);
}
