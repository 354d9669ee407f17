import { Badge, Card, Group, Stack, Text, Title } from '@mantine/core';
import { listAnswered, type PhoneRecord } from './phones.ts';

const COLOURS: Readonly<Record<string, string>> = { approved: 'signet', denied: 'red', failed: 'red' };

/** What this phone has answered, as it remembers it. */
export function AnsweredList({ phone }: { readonly phone: PhoneRecord }) {
  const answered = listAnswered(phone.id);
  if (answered.length === 0) return null;
  return (
    <Stack gap="xs">
      <Title order={2} size="h5">
        Answered
      </Title>
      {answered.map(({ transactionId, message, status, atMs }) => (
        <Card key={transactionId} withBorder padding="sm">
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <div>
              <Text size="sm">{message}</Text>
              <Text size="xs" c="dimmed">
                {new Date(atMs).toLocaleString()}
              </Text>
            </div>
            <Badge color={COLOURS[status] ?? 'gray'} variant="outline" miw="fit-content">
              {status}
            </Badge>
          </Group>
        </Card>
      ))}
    </Stack>
  );
}
