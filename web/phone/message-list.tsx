import { Card, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { callApi } from '../kit/call-api.ts';
import { usePoll } from '../kit/use-poll.ts';
import { keepPhone, type PhoneRecord } from './phones.ts';
import { sayFailure } from './say-failure.ts';

const ASK_EVERY_MS = 2_000;

interface Message {
  readonly id: string;
  readonly receivedAt: string;
  readonly body: string;
}

export interface MessageListProps {
  readonly phone: PhoneRecord;
  readonly onChange: (phone: PhoneRecord) => void;
}

/** The SMS that came to this phone's number. */
export function MessageList({ phone, onChange }: MessageListProps) {
  const [messages, setMessages] = useState<readonly Message[]>();
  const [problem, setProblem] = useState<string>();
  const isNumber = /^\+\d{6,15}$/.test(phone.number);

  usePoll(
    async () => {
      try {
        const query = new URLSearchParams({ to: phone.number });
        setMessages((await callApi<{ messages: Message[] }>('GET', `/demo/api/sms?${query}`)).messages);
        setProblem(undefined);
      } catch (error) {
        setProblem(sayFailure(error));
      }
    },
    ASK_EVERY_MS,
    isNumber,
  );

  function setNumber(number: string): void {
    const changed = { ...phone, number };
    keepPhone(changed);
    onChange(changed);
  }

  return (
    <Stack>
      <TextInput
        label="Number of this phone"
        value={phone.number}
        onChange={(event) => setNumber(event.currentTarget.value)}
        error={isNumber ? problem : 'Write it as +31612345678'}
        inputMode="tel"
      />
      <Stack gap="sm" aria-live="polite">
        {messages?.length === 0 && <Text c="dimmed">No messages.</Text>}
        {messages?.map(({ id, receivedAt, body }) => (
          <Card key={id} withBorder padding="sm">
            <Text>{body}</Text>
            <Text size="xs" c="dimmed">
              {new Date(receivedAt).toLocaleTimeString()}
            </Text>
          </Card>
        ))}
      </Stack>
    </Stack>
  );
}
