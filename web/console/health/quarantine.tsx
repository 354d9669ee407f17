import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import css from '../console.module.css';
import { sayTime } from '../say-time.ts';
import { useMay } from '../session.ts';
import { ActWithReason } from '../transactions/act-with-reason.tsx';
import type { Quarantined } from './health.ts';

/** Addresses that are called back at distances only, as they keep failing. */
export function Quarantine({ addresses }: { readonly addresses: readonly Quarantined[] }) {
  const mayRelease = useMay('redeliver_callbacks');
  const [asked, setAsked] = useState<string>();
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="quarantine">
      <Title order={2} size="h5" id="quarantine" mb="xs">
        Addresses in quarantine
      </Title>
      {addresses.length === 0 && (
        <Text size="sm" c="dimmed">
          None.
        </Text>
      )}
      <Stack gap="sm">
        {addresses.map(({ address, sinceMs, failures, lastFailure, nextTrialAtMs }) => (
          <Group key={address} justify="space-between" wrap="nowrap">
            <div>
              <Text size="sm" className={css.wrap}>
                {address}
              </Text>
              <Text size="xs" c="dimmed" className={css.number}>
                {`${failures} failures since ${sayTime(sinceMs)}, the last one: ${lastFailure}. Next trial ${sayTime(nextTrialAtMs)}`}
              </Text>
            </div>
            {mayRelease && (
              <Button
                size="xs"
                variant="default"
                miw="fit-content"
                aria-label={`Release ${address}`}
                onClick={() => setAsked(address)}
              >
                Release
              </Button>
            )}
          </Group>
        ))}
      </Stack>
      {asked !== undefined && (
        <ActWithReason
          address="/admin/v1/quarantined-addresses/release"
          body={{ address: asked }}
          title="Release"
          about={`${asked} is called back at once again.`}
          isDangerous={false}
          forget={['health']}
          onEnd={() => setAsked(undefined)}
        />
      )}
    </Paper>
  );
}
