import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from 'wouter';
import { ask } from '../ask.ts';
import { EventTable } from '../events/event-table.tsx';
import { AnswerOf } from '../shell/answer-of.tsx';
import { Screen } from '../shell/screen.tsx';
import { AskingState } from './asking-state.tsx';
import { Device } from './device.tsx';
import type { UserSummary } from './user.ts';

/** One user: devices, whether they can be asked, and what happened last. */
export function UserScreen() {
  const userId = new URLSearchParams(useSearch()).get('userId') ?? '';
  const address = `/admin/v1/users/${encodeURIComponent(userId)}`;
  const summary = useQuery({
    queryKey: ['users', userId],
    queryFn: ask<UserSummary>(`${address}/summary`),
  });
  return (
    <Screen title={userId} trail={[{ label: 'Users and devices', href: '/users' }]}>
      <AnswerOf query={summary}>
        {({ devices, asking, events }) => (
          <>
            <AskingState {...{ address, asking }} />
            <Stack component="section" aria-labelledby="devices">
              <Title order={2} size="h5" id="devices">
                Devices
              </Title>
              {devices.length === 0 && <Text c="dimmed">There is no device that this user is on.</Text>}
              {devices.map((device) => (
                <Device key={device.id} device={device} address={`${address}/devices/${device.id}`} />
              ))}
            </Stack>
            <Paper withBorder p="md" component="section" aria-labelledby="events">
              <Group justify="space-between" mb="xs">
                <Title order={2} size="h5" id="events">
                  What happened last
                </Title>
                <Group gap="md">
                  <Anchor component={Link} href={`/transactions?${new URLSearchParams({ userId })}`} size="sm">
                    Transactions
                  </Anchor>
                  <Anchor component={Link} href={`/events?${new URLSearchParams({ user_id: userId })}`} size="sm">
                    All events
                  </Anchor>
                </Group>
              </Group>
              {events.length === 0 ? <Text c="dimmed">Nothing.</Text> : <EventTable events={events} />}
            </Paper>
          </>
        )}
      </AnswerOf>
    </Screen>
  );
}
