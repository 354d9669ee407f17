import { Anchor, Table, Text } from '@mantine/core';
import { Link } from 'wouter';
import css from '../console.module.css';
import { HOVER_COLOUR } from '../hover-colour.ts';
import { sayTime } from '../say-time.ts';
import { Details } from '../shell/details.tsx';
import { transactionPath } from '../transactions/transaction-path.ts';
import type { EventItem } from './event.ts';

/** Events, a line each. */
export function EventTable({ events }: { readonly events: readonly EventItem[] }) {
  return (
    <Table highlightOnHover highlightOnHoverColor={HOVER_COLOUR} verticalSpacing={6} className={css.number}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th visibleFrom="xs">When</Table.Th>
          <Table.Th>Event</Table.Th>
          <Table.Th visibleFrom="sm">User</Table.Th>
          <Table.Th visibleFrom="sm">By</Table.Th>
          <Table.Th visibleFrom="lg">From</Table.Th>
          <Table.Th visibleFrom="xs">Transaction</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {events.map((event) => (
          <Table.Tr key={event.event_identifier}>
            <Table.Td visibleFrom="xs" className={css.nowrap}>
              {sayTime(event.occurred)}
            </Table.Td>
            <Table.Td className={css.wrap}>
              <Text size="sm" title={event.event_type}>
                {event.event_name}
              </Text>
              <Text size="xs" c="dimmed" hiddenFrom="xs">
                {[sayTime(event.occurred), event.user_id].filter(Boolean).join(' · ')}
              </Text>
              <Details details={event.event_details} size="xs" />
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <span className={css.clamp}>{event.user_id ?? '—'}</span>
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <span className={css.clamp}>{event.event_agent_user ?? event.client_id ?? '—'}</span>
            </Table.Td>
            <Table.Td visibleFrom="lg">{event.client_ip ?? '—'}</Table.Td>
            <Table.Td visibleFrom="xs">
              {event.transaction_id === null ? (
                '—'
              ) : (
                <Anchor component={Link} href={transactionPath(event.transaction_id, event.user_id)} size="sm">
                  {`…${event.transaction_id.slice(-8)}`}
                </Anchor>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
