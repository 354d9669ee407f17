import { Alert, Anchor, Button, Group, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { ask } from '../ask.ts';
import type { Filter } from '../filters/filter.ts';
import { FilterForm } from '../filters/filter-form.tsx';
import { useFilters } from '../filters/use-filters.ts';
import { useMay } from '../session.ts';
import { AnswerOf } from '../shell/answer-of.tsx';
import { Screen } from '../shell/screen.tsx';
import { STATUSES, type TransactionPage } from './transaction.ts';
import { TransactionTable } from './transaction-table.tsx';

const METHODS = [
  'push',
  'push_with_pin',
  'push_with_fingerprint',
  'push_with_custom_authenticator',
  'push_with_number',
  'otp',
  'sms',
];

const FILTERS: readonly Filter[] = [
  { name: 'userId', label: 'User', kind: 'text' },
  { name: 'status', label: 'Status', kind: 'choice', choices: STATUSES },
  { name: 'method', label: 'Method', kind: 'choice', choices: METHODS },
  { name: 'type', label: 'Type', kind: 'text', isRare: true },
  { name: 'clientId', label: 'API client', kind: 'text', isRare: true },
  { name: 'from', label: 'From', kind: 'moment' },
  { name: 'to', label: 'To', kind: 'moment' },
  { name: 'id', label: 'Transaction id', kind: 'text', isRare: true },
  { name: 'deviceId', label: 'Device id', kind: 'text', isRare: true },
];

/** Transactions, the newest first, by the filters of the address. */
export function TransactionList() {
  const { values, place, apply, pathWith } = useFilters(FILTERS);
  const mayReadAll = useMay('read_transactions');
  const after = place('after');
  const isAllowed = mayReadAll || values.userId !== undefined;
  const query = new URLSearchParams({ ...values, ...(after && { after }) });
  const page = useQuery({
    queryKey: ['transactions', query.toString()],
    queryFn: ask<TransactionPage>(`/admin/v1/transactions?${query}`),
    enabled: isAllowed,
    placeholderData: keepPreviousData,
  });

  return (
    <Screen title="Transactions">
      <FilterForm key={JSON.stringify(values)} filters={FILTERS} values={values} onApply={apply}>
        <Button size="xs" variant="subtle" loading={page.isFetching} onClick={() => void page.refetch()}>
          Load again
        </Button>
      </FilterForm>
      {isAllowed ? (
        <AnswerOf query={page}>
          {({ items, next }) => (
            <>
              <TransactionTable items={items} />
              {items.length === 0 && <Text c="dimmed">No transaction meets these filters.</Text>}
              <Group gap="md" component="nav" aria-label="Pages">
                {after && (
                  <Anchor component={Link} href={pathWith({})} size="sm">
                    Newest
                  </Anchor>
                )}
                {next && (
                  <Anchor component={Link} href={pathWith({ after: next })} size="sm">
                    Older
                  </Anchor>
                )}
              </Group>
            </>
          )}
        </AnswerOf>
      ) : (
        <Alert color="blue">Name a user: your role shows the transactions of one user at a time.</Alert>
      )}
    </Screen>
  );
}
