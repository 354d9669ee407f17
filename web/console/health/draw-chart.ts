import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { alignSeries, type Series } from './series.ts';

const HEIGHT = 180;
/** There are no half transactions. */
const WHOLE_STEPS = [1, 2, 5]
  .flatMap((step) => [1, 10, 100, 1_000, 10_000, 100_000].map((ten) => step * ten))
  .sort((one, other) => one - other);
/** Of fewer a line alone would say little. */
const FEW_POINTS = 20;
const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });

export interface DrawOptions {
  readonly series: readonly Series[];
  readonly width: number;
  /** Behind each number of the axis. */
  readonly unit: string;
  /** Epoch ms of both ends. */
  readonly span: Span;
}

export type Span = readonly [fromMs: number, toMs: number];

/** Draws lines into an element, in the colours that the page has now. Returns how to take them away. */
export function drawChart(element: HTMLElement, { series, width, unit, span }: DrawOptions): () => void {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const { atMs, values } = alignSeries(series);
  const axis = {
    stroke: colour('--mantine-color-dimmed'),
    grid: { stroke: colour('--mantine-color-default-border'), width: 1 },
    ticks: { show: false },
    font: `12px ${style.fontFamily}`,
  };
  const plot = new uPlot(
    {
      width,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 12, 0, 0],
      scales: {
        x: { range: () => [span[0] / 1_000, span[1] / 1_000] },
        y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.1)] },
      },
      axes: [
        { ...axis, size: 34, values: (_plot, ticks) => ticks.map((tick) => TIME.format(tick * 1_000)) },
        { ...axis, size: 48, incrs: WHOLE_STEPS, values: (_plot, ticks) => ticks.map((tick) => `${tick}${unit}`) },
      ],
      series: [
        {},
        ...series.map(({ label, colour: name, points: line }) => ({
          label,
          stroke: colour(name),
          width: 2,
          spanGaps: true,
          points: { show: line.length < FEW_POINTS },
        })),
      ],
    },
    [atMs.map((ms) => ms / 1_000), ...values.map((line) => [...line])],
    element,
  );
  return () => plot.destroy();
}
