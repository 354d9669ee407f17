import { SegmentedControl, SimpleGrid } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useLocation, useSearch } from 'wouter';
import { ask } from '../ask.ts';
import { AnswerOf } from '../shell/answer-of.tsx';
import { Screen } from '../shell/screen.tsx';
import { Charts } from './charts.tsx';
import type { Health, Window } from './health.ts';
import { ProviderErrors } from './provider-errors.tsx';
import { Quarantine } from './quarantine.tsx';
import { Totals } from './totals.tsx';

const POLL_MS = 15_000;

/** How the installation does, over the last hour or day. */
export function HealthScreen() {
  const [, navigate] = useLocation();
  const window: Window = new URLSearchParams(useSearch()).get('window') === 'day' ? 'day' : 'hour';
  const health = useQuery({
    queryKey: ['health', window],
    queryFn: ask<Health>(`/admin/v1/health?window=${window}`),
    refetchInterval: POLL_MS,
    placeholderData: keepPreviousData,
  });
  return (
    <Screen
      title="Health"
      actions={
        <SegmentedControl
          aria-label="Over"
          size="xs"
          value={window}
          onChange={(chosen) => navigate(`/health?window=${chosen}`, { replace: true })}
          data={[
            { value: 'hour', label: 'Last hour' },
            { value: 'day', label: 'Last day' },
          ]}
        />
      }
    >
      <AnswerOf query={health}>
        {(shown) => (
          <>
            <Totals health={shown} />
            <Charts health={shown} />
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              <ProviderErrors errors={shown.providerErrors} />
              <Quarantine addresses={shown.callbacks.quarantined} />
            </SimpleGrid>
          </>
        )}
      </AnswerOf>
    </Screen>
  );
}
