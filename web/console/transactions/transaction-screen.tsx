import { Anchor, Grid, Group, Paper, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from 'wouter';
import { ask } from '../ask.ts';
import { useSession } from '../session.ts';
import { AnswerOf } from '../shell/answer-of.tsx';
import { Screen } from '../shell/screen.tsx';
import { userPath } from '../users/user-path.ts';
import { Facts } from './facts.tsx';
import { Receipt } from './receipt.tsx';
import { StatusBadge } from './status-badge.tsx';
import { Story } from './story.tsx';
import type { Transaction } from './transaction.ts';
import { TransactionActions } from './transaction-actions.tsx';

/** While it runs, and while its callback is under way. */
const POLL_MS = 2_000;
/** So long after its end there may be something more to come. */
const SETTLING_MS = 30_000;

/** One transaction: how it stands, its story, and what can be done. */
export function TransactionScreen() {
  const { id = '' } = useParams<{ id: string }>();
  // Who may see the transactions of one user at a time names that user.
  const owner = useSearch();
  const query = owner === '' ? '' : `?${owner}`;
  const address = `/admin/v1/transactions/${encodeURIComponent(id)}`;
  const { temporalUiUrl } = useSession();
  const transaction = useQuery({
    queryKey: ['transactions', 'one', id, owner],
    queryFn: ask<Transaction>(`${address}${query}`),
    refetchInterval: ({ state: { data } }) => (data && isMoving(data) ? POLL_MS : false),
  });
  const { data } = transaction;
  return (
    <Screen
      title={data?.userId ? `Transaction of ${data.userId}` : 'Transaction'}
      trail={[{ label: 'Transactions', href: '/transactions' }]}
      actions={data && <TransactionActions transaction={data} />}
    >
      <AnswerOf query={transaction}>
        {(shown) => (
          <Grid gap="lg">
            <Grid.Col span={{ base: 12, md: 5 }}>
              <Stack>
                <Paper withBorder p="md">
                  <Stack gap="sm">
                    <StatusBadge status={shown.status} size="lg" />
                    <Facts transaction={shown} />
                    <Group gap="md">
                      {shown.userId !== null && (
                        <Anchor component={Link} href={userPath(shown.userId)} size="sm">
                          The user
                        </Anchor>
                      )}
                      {temporalUiUrl !== null && (
                        <Anchor
                          href={`${temporalUiUrl}/workflows/${shown.workflowId}`}
                          target="_blank"
                          rel="noreferrer"
                          size="sm"
                        >
                          Its workflow in Temporal
                        </Anchor>
                      )}
                    </Group>
                  </Stack>
                </Paper>
                {shown.hasReceipt && <Receipt id={shown.id} address={`${address}/receipt${query}`} />}
              </Stack>
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 7 }}>
              <Paper withBorder p="md" component="section" aria-labelledby="story">
                <Title order={2} size="h5" mb="md" id="story">
                  What happened
                </Title>
                <Story transaction={shown} />
              </Paper>
            </Grid.Col>
          </Grid>
        )}
      </AnswerOf>
    </Screen>
  );
}

function isMoving({ status, settledAtMs }: Transaction): boolean {
  return status === 'pending' || (settledAtMs !== null && Date.now() - settledAtMs < SETTLING_MS);
}
