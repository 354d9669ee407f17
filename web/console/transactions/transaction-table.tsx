import { Anchor, Table, Text } from '@mantine/core';
import { Link } from 'wouter';
import { sayChoice } from '../configuration/words.ts';
import css from '../console.module.css';
import { HOVER_COLOUR } from '../hover-colour.ts';
import { sayTime } from '../say-time.ts';
import { StatusBadge } from './status-badge.tsx';
import type { TransactionItem } from './transaction.ts';
import { transactionPath } from './transaction-path.ts';

/** Transactions, a line each; on a phone's screen without what is of less use. */
export function TransactionTable({ items }: { readonly items: readonly TransactionItem[] }) {
  return (
    <Table highlightOnHover highlightOnHoverColor={HOVER_COLOUR} verticalSpacing={6} className={css.number}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Begun</Table.Th>
          <Table.Th visibleFrom="xs">User</Table.Th>
          <Table.Th visibleFrom="sm">Type</Table.Th>
          <Table.Th visibleFrom="sm">Method</Table.Th>
          <Table.Th visibleFrom="md">API client</Table.Th>
          <Table.Th>Status</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((item) => (
          <Table.Tr key={item.id}>
            <Table.Td className={css.nowrap}>
              <Anchor component={Link} href={transactionPath(item.id, item.userId)} size="sm" fw={500}>
                {sayTime(item.createdAtMs)}
              </Anchor>
              <Text size="xs" c="dimmed" hiddenFrom="xs" className={css.clamp}>
                {item.userId ?? '—'}
              </Text>
            </Table.Td>
            <Table.Td visibleFrom="xs">
              <span className={css.clamp}>{item.userId ?? '—'}</span>
            </Table.Td>
            <Table.Td visibleFrom="sm">{item.type}</Table.Td>
            <Table.Td visibleFrom="sm">{sayChoice(item.method)}</Table.Td>
            <Table.Td visibleFrom="md">{item.clientId}</Table.Td>
            <Table.Td>
              <StatusBadge status={item.status} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
