import { SimpleGrid } from '@mantine/core';
import { useMemo } from 'react';
import { Chart } from './chart.tsx';
import type { Span } from './draw-chart.ts';
import type { Health } from './health.ts';
import { latestOf, type Series, totalOf } from './series.ts';

const OUTCOME_COLOURS: Readonly<Record<string, string>> = {
  approved: '--mantine-color-signet-6',
  denied: '--mantine-color-red-6',
  failed: '--mantine-color-orange-6',
  expired: '--mantine-color-gray-6',
  cancelled: '--mantine-color-violet-5',
};
const FIRST = '--mantine-color-signet-6';
const SECOND = '--mantine-color-orange-6';

/** The lines over time. */
export function Charts({ health }: { readonly health: Health }) {
  const charts = useMemo(() => seriesOf(health), [health]);
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <Chart title="Begun" summary={sayTotals(charts.begun)} series={charts.begun} span={charts.span} />
      <Chart title="Outcomes" summary={sayTotals(charts.outcomes)} series={charts.outcomes} span={charts.span} />
      <Chart
        title="Time to an answer"
        summary={sayLatest(charts.answers)}
        series={charts.answers}
        span={charts.span}
        unit=" s"
      />
      <Chart title="Callbacks" summary={sayTotals(charts.callbacks)} series={charts.callbacks} span={charts.span} />
    </SimpleGrid>
  );
}

function seriesOf({ begun, outcomes, answerSeconds, callbacks }: Health) {
  const line = (label: string, colour: string, points: Series['points']): Series => ({ label, colour, points });
  const span: Span = [begun.at(0)?.[0] ?? 0, begun.at(-1)?.[0] ?? 0];
  return {
    span,
    begun: [line('begun', FIRST, begun)],
    outcomes: Object.entries(outcomes).map(([name, points]) => line(name, OUTCOME_COLOURS[name] ?? FIRST, points)),
    answers: [line('half of them', FIRST, answerSeconds.p50), line('95 of 100', SECOND, answerSeconds.p95)],
    callbacks: [line('attempts', FIRST, callbacks.attempts), line('failures', SECOND, callbacks.failures)],
  };
}

function sayTotals(series: readonly Series[]): string {
  return series.map((one) => `${totalOf(one).toLocaleString('en')} ${one.label}`).join(', ');
}

function sayLatest(series: readonly Series[]): string {
  const told = series.flatMap((one) => {
    const latest = latestOf(one);
    return latest === null ? [] : [`${one.label} within ${latest.toFixed(1)} s`];
  });
  return told.length === 0 ? 'No answers.' : `Last: ${told.join(', ')}`;
}
