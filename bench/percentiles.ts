export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** By nearest rank, so that each is a value that was really seen. Throws when there are no values. */
export function percentilesOf(values: readonly number[]): Percentiles {
  const ascending = [...values].sort((a, b) => a - b);
  return { p50: atRank(ascending, 50), p95: atRank(ascending, 95), p99: atRank(ascending, 99) };
}

/** The middle value by nearest rank. Throws when there are no values. */
export function medianOf(values: readonly number[]): number {
  return percentilesOf(values).p50;
}

function atRank(ascending: readonly number[], percent: number): number {
  const value = ascending[Math.ceil((percent / 100) * ascending.length) - 1];
  if (value === undefined) throw new RangeError('there are no values');
  return value;
}
