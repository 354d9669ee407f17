import { createRandom } from '../../faults/random.ts';

export interface ArrivalOptions {
  /** On average. */
  readonly perSecond: number;
  readonly seconds: number;
  /** `random`: at moments that know nothing of each other (a Poisson process), as callers who know nothing of each other do. */
  readonly kind: 'even' | 'random';
  readonly seed: number;
}

/** When each one arrives, in ms from the beginning; ascending. The same options give the same moments. */
export function arrivalTimes({ perSecond, seconds, kind, seed }: ArrivalOptions): readonly number[] {
  const random = createRandom(seed);
  const gapMs = 1_000 / perSecond;
  const nextGap = kind === 'even' ? () => gapMs : () => -Math.log(1 - random.next()) * gapMs;
  const times: number[] = [];
  // An even stream begins with an arrival, a random one with a gap.
  for (let atMs = kind === 'even' ? 0 : nextGap(); atMs < seconds * 1_000; atMs += nextGap()) times.push(atMs);
  return times;
}
