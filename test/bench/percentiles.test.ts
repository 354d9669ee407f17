import { medianOf, percentilesOf } from '../../bench/percentiles.ts';

describe('percentiles', () => {
  it('are values that were really seen, by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentilesOf(hundred)).toEqual({ p50: 50, p95: 95, p99: 99 });
    expect(percentilesOf([10, 20])).toEqual({ p50: 10, p95: 20, p99: 20 });
    expect(percentilesOf([7])).toEqual({ p50: 7, p95: 7, p99: 7 });
  });

  it('order numbers as numbers, and leave the caller its order', () => {
    const values = [100, 9, 1_000];
    expect(percentilesOf(values)).toEqual({ p50: 100, p95: 1_000, p99: 1_000 });
    expect(values).toEqual([100, 9, 1_000]);
  });

  it('do not exist where there are no values', () => {
    expect(() => percentilesOf([])).toThrow(RangeError);
  });

  it('have the middle value as their median', () => {
    expect(medianOf([5, 1, 3])).toBe(3);
  });
});
