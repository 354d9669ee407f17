import { Alert, Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { callConsole } from '../call-console.ts';
import { Refusal } from '../shell/refusal.tsx';

interface Report {
  readonly result: 'accepted' | 'refused' | 'unsupported';
  readonly failure?: string;
  readonly providerCode?: string;
}

/** Has the provider look at a push configuration as it is saved, without sending anything. */
export function TestPush({ name }: { readonly name: string }) {
  const [pushToken, setPushToken] = useState('');
  const test = useMutation({
    mutationFn: async () => {
      const address = `/admin/v1/push-configurations/${encodeURIComponent(name)}/test`;
      return (await callConsole<Report>('POST', address, { body: pushToken === '' ? {} : { pushToken } })).body;
    },
  });
  return (
    <Paper withBorder p={{ base: 'sm', sm: 'lg' }} maw={720}>
      <Stack>
        <Title order={2} size="h5">
          Try it
        </Title>
        <Text size="sm" c="dimmed">
          The provider checks the saved credentials, and the push token if there is one. Nothing is sent to a phone.
        </Text>
        <Group align="flex-end">
          <TextInput
            label="Push token (optional)"
            value={pushToken}
            onChange={(event) => setPushToken(event.currentTarget.value.trim())}
            flex={1}
            miw={200}
          />
          <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
            Test
          </Button>
        </Group>
        <Refusal error={test.error} />
        {test.data && (
          <Alert color={test.data.result === 'accepted' ? 'signet' : 'orange'} role="status">
            {sayReport(test.data, pushToken !== '')}
          </Alert>
        )}
      </Stack>
    </Paper>
  );
}

function sayReport({ result, failure, providerCode }: Report, hadToken: boolean): string {
  if (result === 'accepted')
    return hadToken ? 'The provider accepts credentials and token.' : 'The provider accepts it.';
  if (result === 'unsupported') return 'This provider can not be asked without sending.';
  const reason = [failure, providerCode].filter(Boolean).join(', ');
  // Without a token it is one that no phone has, which the provider says when the credentials are good.
  if (!hadToken && failure === 'token_invalid') return 'The provider accepts the credentials.';
  return `The provider refuses it: ${reason.replaceAll('_', ' ')}`;
}
