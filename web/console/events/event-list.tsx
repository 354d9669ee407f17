import { Alert, Anchor, Button, Group, Text } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { ask } from '../ask.ts';
import type { Filter } from '../filters/filter.ts';
import { FilterForm } from '../filters/filter-form.tsx';
import { useFilters } from '../filters/use-filters.ts';
import { useMay } from '../session.ts';
import { AnswerOf } from '../shell/answer-of.tsx';
import { Refusal } from '../shell/refusal.tsx';
import { Screen } from '../shell/screen.tsx';
import type { EventPage } from './event.ts';
import { EventTable } from './event-table.tsx';
import { exportEvents } from './export-events.ts';

const EVENTS = '/oauth/api/v1/events';
const PAGE_SIZE = '50';

const FILTERS: readonly Filter[] = [
  { name: 'user_id', label: 'User', kind: 'text' },
  { name: 'event_type', label: 'Event', kind: 'text' },
  { name: 'transaction_id', label: 'Transaction id', kind: 'text' },
  { name: 'start_date', label: 'From', kind: 'moment' },
  { name: 'end_date', label: 'To', kind: 'moment' },
  { name: 'client_id', label: 'API client', kind: 'text', isRare: true },
  { name: 'exclude_event_type', label: 'Without event', kind: 'text', isRare: true },
];

/** What happened, the newest first, by the filters of the address. */
export function EventList() {
  const { values, place, apply, pathWith } = useFilters(FILTERS);
  const mayReadAll = useMay('read_events');
  const isAllowed = mayReadAll || values.user_id !== undefined;
  const wanted = withEventTypes(values);
  const filters = new URLSearchParams(wanted);
  const query = new URLSearchParams({ ...wanted, page: place('page') || '0', size: PAGE_SIZE });
  const page = useQuery({
    queryKey: ['events', query.toString()],
    queryFn: ask<EventPage>(`${EVENTS}?${query}`),
    enabled: isAllowed,
    placeholderData: keepPreviousData,
  });
  const save = useMutation({ mutationFn: () => exportEvents(`${EVENTS}/export?${filters}`) });

  return (
    <Screen
      title="Events"
      actions={
        isAllowed && (
          <Button variant="default" size="sm" loading={save.isPending} onClick={() => save.mutate()}>
            Export these
          </Button>
        )
      }
    >
      <FilterForm key={JSON.stringify(values)} filters={FILTERS} values={values} onApply={apply} />
      <Refusal error={save.error} />
      {isAllowed ? (
        <AnswerOf query={page}>
          {({ result_set: events, pagination }) => (
            <>
              <EventTable events={events} />
              <Group justify="space-between" component="nav" aria-label="Pages">
                <Text size="sm" c="dimmed" role="status">
                  {sayRange(pagination)}
                </Text>
                <Group gap="md">
                  {pagination.previous_page !== null && (
                    <Anchor component={Link} href={pathWith({ page: String(pagination.previous_page) })} size="sm">
                      Newer
                    </Anchor>
                  )}
                  {pagination.next_page !== null && (
                    <Anchor component={Link} href={pathWith({ page: String(pagination.next_page) })} size="sm">
                      Older
                    </Anchor>
                  )}
                </Group>
              </Group>
            </>
          )}
        </AnswerOf>
      ) : (
        <Alert color="blue">Name a user: your role shows the events of one user at a time.</Alert>
      )}
    </Screen>
  );
}

function sayRange({ total_results: total, range_start: start, range_end: end }: EventPage['pagination']): string {
  return total === 0 ? 'No event meets these filters.' : `${start} to ${end} of ${total.toLocaleString('en')}`;
}

/** Events may be named as they are shown: `Push auth initialized` is `PUSH_AUTH_INITIALIZED`. */
function withEventTypes(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const typed = Object.entries(values).map(([name, value]) => [
    name,
    name.endsWith('event_type') ? value.toUpperCase().replaceAll(' ', '_') : value,
  ]);
  return Object.fromEntries(typed);
}
