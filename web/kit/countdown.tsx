import { Group, Progress, Text } from '@mantine/core';
import { useEffect, useState } from 'react';

export interface CountdownProps {
  /** Epoch ms, by this browser's clock. */
  readonly endsAtMs: number;
  readonly lastsMs: number;
}

/** How long there still is; read out by the minute only. */
export function Countdown({ endsAtMs, lastsMs }: CountdownProps) {
  const leftMs = useTimeLeft(endsAtMs);
  const seconds = Math.ceil(leftMs / 1_000);
  const text = seconds >= 60 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s` : `${seconds} s`;
  return (
    <div>
      <Progress
        value={(leftMs / lastsMs) * 100}
        color={leftMs < 15_000 ? 'red' : 'signet'}
        size="sm"
        aria-label="Time left"
      />
      <Group justify="space-between" mt={4}>
        <Text size="sm" c="dimmed">
          Time left
        </Text>
        <Text size="sm" ff="monospace">
          {text}
        </Text>
      </Group>
    </div>
  );
}

/** Milliseconds, four times a second. */
export function useTimeLeft(endsAtMs: number): number {
  const [leftMs, setLeftMs] = useState(() => Math.max(0, endsAtMs - Date.now()));
  useEffect(() => {
    const timer = setInterval(() => setLeftMs(Math.max(0, endsAtMs - Date.now())), 250);
    return () => clearInterval(timer);
  }, [endsAtMs]);
  return leftMs;
}
