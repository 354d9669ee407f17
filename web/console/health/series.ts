import type { Point } from './health.ts';

/** A line of a chart. */
export interface Series {
  readonly label: string;
  /** A CSS variable of the theme. */
  readonly colour: string;
  readonly points: readonly Point[];
}

/** A row of numbers for each moment that any of the lines knows. */
export interface Rows {
  readonly atMs: readonly number[];
  readonly values: readonly (readonly (number | null)[])[];
}

/** Brings lines to the same moments; a line without a point there has null. */
export function alignSeries(series: readonly Series[]): Rows {
  const atMs = [...new Set(series.flatMap(({ points }) => points.map(([at]) => at)))].sort((one, other) => one - other);
  const values = series.map(({ points }) => {
    const known = new Map(points);
    return atMs.map((at) => known.get(at) ?? null);
  });
  return { atMs, values };
}

/** What one line comes to. */
export function totalOf({ points }: Series): number {
  return points.reduce((sum, [, value]) => sum + value, 0);
}

/** What one line comes to last. */
export function latestOf({ points }: Series): number | null {
  return points.at(-1)?.[1] ?? null;
}
