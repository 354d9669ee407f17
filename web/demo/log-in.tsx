import { Anchor, Button, Card, Stack, Text, TextInput, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ChooseMethod } from './choose-method.tsx';
import type { Ask, Method } from './question.ts';

/** Who the customer is, and how to ask. */
export function LogIn({ onAsk }: { readonly onAsk: (fields: Ask) => Promise<void> }) {
  const [userId, setUserId] = useState('alice');
  const [method, setMethod] = useState<Method>('push');
  const [phoneNumber, setPhoneNumber] = useState('+31612345678');
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    await onAsk({
      ...{ purpose: 'login', method },
      ...(method !== 'otp' && { userId }),
      ...(method === 'sms' && { phoneNumber }),
    });
    setBusy(false);
  }

  return (
    <Card withBorder>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <Title order={2} size="h3">
            Log in
          </Title>
          {method !== 'otp' && (
            <TextInput
              label="User"
              value={userId}
              onChange={(event) => setUserId(event.currentTarget.value)}
              autoComplete="username"
              required
              maxLength={100}
            />
          )}
          <ChooseMethod {...{ method, onMethod: setMethod, phoneNumber, onPhoneNumber: setPhoneNumber }} />
          <Button type="submit" size="md" loading={isBusy}>
            Log in
          </Button>
          <Text size="sm">
            No phone yet?{' '}
            <Anchor href="/phone" target="_blank" underline="always">
              Open a virtual phone
            </Anchor>
          </Text>
        </Stack>
      </form>
    </Card>
  );
}
