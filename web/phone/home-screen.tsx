import { Alert, Badge, Button, Card, Group, Stack, Tabs, Text, Title } from '@mantine/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Challenge, DeviceError, type PendingTransaction } from '../../sdk/index.ts';
import { usePoll } from '../kit/use-poll.ts';
import { AnsweredList } from './answered-list.tsx';
import { CodeScreen } from './code-screen.tsx';
import { MessageList } from './message-list.tsx';
import css from './phone.module.css';
import { clientOf, type PhoneRecord } from './phones.ts';
import { RequestScreen } from './request-screen.tsx';
import { sayFailure } from './say-failure.ts';
import { SettingsScreen } from './settings-screen.tsx';

const ASK_EVERY_MS = 1_500;

export interface HomeScreenProps {
  readonly phone: PhoneRecord;
  readonly onChange: (phone: PhoneRecord) => void;
  readonly onGone: () => void;
}

/** What waits for this phone, what it has answered, its messages and its settings. */
export function HomeScreen({ phone, onChange, onGone }: HomeScreenProps) {
  const [client] = useState(() => clientOf(phone.id));
  const [pending, setPending] = useState<readonly PendingTransaction[]>([]);
  const [opened, setOpened] = useState<PendingTransaction | Challenge>();
  const [problem, setProblem] = useState<string>();
  const [isEnded, setEnded] = useState(false);
  const [isLeaving, setLeaving] = useState(false);

  const ask = useCallback(async () => {
    try {
      setPending(await client.pending());
      setProblem(undefined);
    } catch (error) {
      if (error instanceof DeviceError && (error.code === 'not_enrolled' || error.code === 'enrolment_unknown')) {
        setEnded(true);
      }
      setProblem(sayFailure(error));
    }
  }, [client]);
  // A browser's tab has no push service: it asks.
  const title = pending.length === 0 ? 'Virtual phone' : `(${pending.length}) Virtual phone`;
  useEffect(() => {
    // Where a real phone would show a notification, a tab has its title.
    document.title = `${title} · Countersign`;
  }, [title]);

  const asking = useRef(Promise.resolve());
  const isAsking = !isEnded && !isLeaving;
  usePoll(
    () => {
      asking.current = ask();
      return asking.current;
    },
    ASK_EVERY_MS,
    isAsking,
  );

  /** What is asked for now would otherwise write the phone's state once more, after it was deleted. */
  async function leave(): Promise<void> {
    setLeaving(true);
    await asking.current;
  }

  if (opened) {
    const close = (): void => setOpened(undefined);
    return <RequestScreen phone={phone} client={client} opened={opened} onClose={close} />;
  }
  return (
    <Tabs defaultValue="requests" className={css.screen} keepMounted={false}>
      <Tabs.List grow mb="md">
        <Tabs.Tab value="requests">Requests</Tabs.Tab>
        <Tabs.Tab value="code">Scan</Tabs.Tab>
        <Tabs.Tab value="messages">SMS</Tabs.Tab>
        <Tabs.Tab value="settings">More</Tabs.Tab>
      </Tabs.List>
      {problem && (
        <Alert color="red" mb="md" role="alert">
          {problem}
        </Alert>
      )}
      <Tabs.Panel value="requests">
        <Stack>
          <div aria-live="polite">
            {pending.length === 0 ? (
              <Text c="dimmed">Nothing waits for {phone.userId}.</Text>
            ) : (
              <Stack gap="sm">
                {pending.map((transaction) => (
                  <PendingCard key={transaction.transactionId} transaction={transaction} onOpen={setOpened} />
                ))}
              </Stack>
            )}
          </div>
          <AnsweredList phone={phone} />
        </Stack>
      </Tabs.Panel>
      <Tabs.Panel value="code">
        <CodeScreen client={client} onChallenge={setOpened} />
      </Tabs.Panel>
      <Tabs.Panel value="messages">
        <MessageList phone={phone} onChange={onChange} />
      </Tabs.Panel>
      <Tabs.Panel value="settings">
        <SettingsScreen {...{ phone, client, isEnded, onGone, onLeave: leave }} />
      </Tabs.Panel>
    </Tabs>
  );
}

interface PendingCardProps {
  readonly transaction: PendingTransaction;
  readonly onOpen: (transaction: PendingTransaction) => void;
}

function PendingCard({ transaction, onOpen }: PendingCardProps) {
  return (
    <Card withBorder>
      <Group justify="space-between" mb="xs">
        <Badge variant="outline">New</Badge>
        <Text size="sm" c="dimmed">
          {new Date(transaction.sentAt).toLocaleTimeString()}
        </Text>
      </Group>
      <Title order={2} size="h5" mb="sm">
        {transaction.message}
      </Title>
      <Button fullWidth onClick={() => onOpen(transaction)}>
        Open
      </Button>
    </Card>
  );
}
