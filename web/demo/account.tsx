import { Button, Card, NumberInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ChooseMethod } from './choose-method.tsx';
import type { Ask, Method } from './question.ts';

export interface AccountProps {
  readonly userId: string;
  readonly onAsk: (fields: Ask) => Promise<void>;
}

/** A customer who is logged in, and pays. */
export function Account({ userId, onAsk }: AccountProps) {
  const [payee, setPayee] = useState('Bicycle shop');
  const [amount, setAmount] = useState<number | string>(49.9);
  const [method, setMethod] = useState<Method>('push');
  const [phoneNumber, setPhoneNumber] = useState('+31612345678');
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    await onAsk({
      ...{ purpose: 'payment', method, payment: { payee, amountCents: Math.round(Number(amount) * 100) } },
      ...(method === 'sms' && { phoneNumber }),
    });
    setBusy(false);
  }

  return (
    <Stack>
      <Title order={2} size="h3">
        Welcome, {userId}
      </Title>
      <Card withBorder>
        <form onSubmit={(event) => void submit(event)}>
          <Stack>
            <Title order={3} size="h4">
              Make a payment
            </Title>
            <Text>Each payment is confirmed on its own.</Text>
            <TextInput
              label="To"
              value={payee}
              onChange={(event) => setPayee(event.currentTarget.value)}
              required
              maxLength={60}
            />
            <NumberInput
              label="Amount in euro"
              value={amount}
              onChange={setAmount}
              min={0.01}
              max={100_000}
              decimalScale={2}
              fixedDecimalScale
              hideControls
              required
            />
            <ChooseMethod {...{ method, onMethod: setMethod, phoneNumber, onPhoneNumber: setPhoneNumber }} />
            <Button type="submit" size="md" loading={isBusy}>
              Pay
            </Button>
          </Stack>
        </form>
      </Card>
    </Stack>
  );
}
