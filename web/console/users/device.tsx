import { Button, DataList, Group, Paper, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { callConsole } from '../call-console.ts';
import { Review } from '../configuration/review.tsx';
import { sayValue } from '../configuration/say-value.ts';
import { labelOf, sayChoice } from '../configuration/words.ts';
import css from '../console.module.css';
import { sayTime } from '../say-time.ts';
import { useMay } from '../session.ts';
import type { UserDevice } from './user.ts';

interface Deed {
  readonly path: string;
  readonly label: string;
  readonly about: string;
}

const DEEDS: readonly Deed[] = [
  {
    path: 'revoke-push',
    label: 'Revoke push',
    about: 'No push reaches the user on this device any more. Its keys stay.',
  },
  {
    path: 'revoke-mobile-authentication',
    label: 'Revoke mobile authentication',
    about: 'The keys of the user on this device are revoked: it can not answer any more until it is enrolled anew.',
  },
  {
    path: 'disconnect',
    label: 'Take the user off',
    about: 'The device does not answer for this user any more. Other users on it stay.',
  },
  { path: 'delete', label: 'Delete the device', about: 'Every user on this device is taken off it.' },
];

const KNOWN = new Set(['id', 'name', 'platform', 'createdAt', 'lastSeenAt']);

/** What a user has on a device, and what can be taken from it. */
export function Device({ device, address }: { readonly device: UserDevice; readonly address: string }) {
  const client = useQueryClient();
  const mayManage = useMay('manage_devices');
  const [asked, setAsked] = useState<Deed>();
  const act = useMutation({
    mutationFn: (deed: Deed) => callConsole('POST', `${address}/${deed.path}`),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['users'] });
      setAsked(undefined);
    },
  });
  const facts: readonly (readonly [label: string, value: string])[] = [
    ['Here since', sayTime(Date.parse(device.createdAt))],
    ['Last seen', sayTime(Date.parse(device.lastSeenAt))],
    ...Object.entries(device)
      .filter(([name]) => !KNOWN.has(name))
      .map(([name, value]) => [labelOf(name), sayValue(value)] as const),
    ['Id', device.id],
  ];
  return (
    <Paper withBorder p="md">
      <Text fw={600}>{device.name}</Text>
      <Text size="sm" c="dimmed" mb="sm">
        {sayChoice(device.platform)}
      </Text>
      <DataList size="sm" gap={6} labelWidth={150} className={css.number}>
        {facts.map(([label, value]) => (
          <DataList.Item key={label}>
            <DataList.ItemLabel>{label}</DataList.ItemLabel>
            <DataList.ItemValue className={css.wrap}>{value}</DataList.ItemValue>
          </DataList.Item>
        ))}
      </DataList>
      {mayManage && (
        <Group gap="xs" mt="md">
          {DEEDS.map((deed) => (
            <Button
              key={deed.path}
              size="xs"
              variant="outline"
              color="red"
              onClick={() => {
                act.reset();
                setAsked(deed);
              }}
            >
              {deed.label}
            </Button>
          ))}
        </Group>
      )}
      <Review
        isOpen={asked !== undefined}
        title={`${asked?.label ?? ''}: ${device.name}`}
        yes={asked?.label ?? ''}
        isDangerous
        error={act.error}
        isBusy={act.isPending}
        onYes={() => asked && act.mutate(asked)}
        onClose={() => setAsked(undefined)}
      >
        <Text size="sm">{asked?.about} This can not be undone.</Text>
      </Review>
    </Paper>
  );
}
