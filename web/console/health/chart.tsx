import { Button, Group, Paper, Table, Text, Title, useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useId, useRef, useState } from 'react';
import css from '../console.module.css';
import { sayTime } from '../say-time.ts';
import { drawChart, type Span } from './draw-chart.ts';
import { alignSeries, type Series, totalOf } from './series.ts';

export interface ChartProps {
  readonly title: string;
  /** What it comes to, in words. */
  readonly summary: string;
  readonly series: readonly Series[];
  readonly span: Span;
  readonly unit?: string;
}

/** Lines over time, and the same numbers as a table for whoever does not see them or wants to copy them. */
export function Chart({ title, summary, series, span, unit = '' }: ChartProps) {
  const id = useId();
  const [isTable, setTable] = useState(false);
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={id}>
      <Group justify="space-between" wrap="nowrap">
        <Title order={2} size="h5" id={id}>
          {title}
        </Title>
        <Button
          size="compact-sm"
          variant="subtle"
          aria-label={isTable ? `Show ${title} as a chart` : `Show ${title} as a table`}
          onClick={() => setTable(!isTable)}
        >
          {isTable ? 'Chart' : 'Table'}
        </Button>
      </Group>
      <Text size="sm" c="dimmed" mb="xs">
        {summary}
      </Text>
      {isTable && <Numbers {...{ title, series, unit }} />}
      {!isTable && series.some((one) => totalOf(one) > 0) && <Lines {...{ title, summary, series, span, unit }} />}
    </Paper>
  );
}

function Lines({ title, summary, series, span, unit }: Required<ChartProps>) {
  const scheme = useComputedColorScheme();
  const { ref: frame, width } = useElementSize();
  const canvas = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!canvas.current || width === 0 || !scheme) return undefined;
    return drawChart(canvas.current, { series, width, unit, span });
  }, [series, width, unit, span, scheme]);
  return (
    <div ref={frame}>
      <div ref={canvas} role="img" aria-label={`${title}: ${summary}`} className={css.chart} />
      <Group gap="md" mt={4}>
        {series.map(({ label, colour }) => (
          <Group key={label} gap={6} wrap="nowrap">
            <span className={css.swatch} style={{ background: `var(${colour})` }} />
            <Text size="xs">{label}</Text>
          </Group>
        ))}
      </Group>
    </div>
  );
}

function Numbers({ title, series, unit }: Pick<Required<ChartProps>, 'title' | 'series' | 'unit'>) {
  const { atMs, values } = alignSeries(series);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also for whoever has a keyboard alone
    <section className={css.numbers} aria-label={`${title} as a table`} tabIndex={0}>
      <Table verticalSpacing={2} className={css.number} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>When</Table.Th>
            {series.map(({ label }) => (
              <Table.Th key={label}>{label}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {atMs.map((at, row) => (
            <Table.Tr key={at}>
              <Table.Td className={css.nowrap}>{sayTime(at)}</Table.Td>
              {series.map(({ label }, line) => (
                <Table.Td key={label}>{sayNumber(values[line]?.[row] ?? null, unit)}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

function sayNumber(value: number | null, unit: string): string {
  return value === null ? '—' : `${value.toLocaleString('en', { maximumFractionDigits: 1 })}${unit}`;
}
