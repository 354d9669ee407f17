import { Button, Group, NativeSelect, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { callConsole } from '../call-console.ts';
import { sayTime } from '../say-time.ts';
import { Refusal } from '../shell/refusal.tsx';
import { forgetDocuments } from './documents.ts';
import { ShownSecret } from './shown-secret.tsx';

interface Rotation {
  readonly secret: string;
  readonly previousExpiresAt: string | null;
}

const LIFETIMES = [
  { value: '60', label: 'a minute' },
  { value: '3600', label: 'an hour' },
  { value: '86400', label: 'a day' },
  { value: '604800', label: 'a week' },
];

/** Another secret for an API client, and the end of the one before. */
export function ClientSecrets({ id }: { readonly id: string }) {
  const address = `/admin/v1/api-clients/${encodeURIComponent(id)}`;
  const client = useQueryClient();
  const [seconds, setSeconds] = useState('86400');
  const [shown, setShown] = useState<string>();
  const rotate = useMutation({
    mutationFn: async () => {
      const body = { previousLifetimeSeconds: Number(seconds) };
      return (await callConsole<Rotation>('POST', `${address}/secret`, { body })).body;
    },
    onSuccess: async ({ secret }) => {
      setShown(secret);
      await forgetDocuments(client, 'api-clients');
    },
  });
  const end = useMutation({
    mutationFn: () => callConsole('DELETE', `${address}/previous-secret`),
    onSuccess: () => forgetDocuments(client, 'api-clients'),
  });
  const lastsUntil = rotate.data?.previousExpiresAt;
  return (
    <Paper withBorder p={{ base: 'sm', sm: 'lg' }} maw={720}>
      <Stack>
        <Title order={2} size="h5">
          Rotate the secret
        </Title>
        <Group align="flex-end">
          <NativeSelect
            label="The one before stays good for"
            data={LIFETIMES}
            value={seconds}
            onChange={(event) => setSeconds(event.currentTarget.value)}
          />
          <Button variant="default" loading={rotate.isPending} onClick={() => rotate.mutate()}>
            Make another secret
          </Button>
          <Button variant="subtle" color="red" loading={end.isPending} onClick={() => end.mutate()}>
            End the one before now
          </Button>
        </Group>
        <Refusal error={rotate.error ?? end.error} />
        <Text size="sm" role="status">
          {end.isSuccess && 'The secret before is good no more.'}
          {!end.isSuccess && lastsUntil && `The secret before is good until ${sayTime(Date.parse(lastsUntil))}.`}
        </Text>
      </Stack>
      {shown !== undefined && <ShownSecret secret={shown} onClose={() => setShown(undefined)} />}
    </Paper>
  );
}
