import { Badge, Button, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../ask.ts';
import { callConsole } from '../call-console.ts';
import css from '../console.module.css';
import { sayTime } from '../say-time.ts';
import { useMay } from '../session.ts';
import { AnswerOf } from '../shell/answer-of.tsx';
import { Screen } from '../shell/screen.tsx';
import { Review } from './review.tsx';

interface ServerKey {
  readonly id: string;
  readonly purpose: string;
  readonly kid?: string;
  readonly createdAt: string;
  readonly inUse: boolean;
  readonly retiredAt?: string;
}

const PURPOSES: Readonly<Record<string, string>> = {
  evidence: 'Signs receipts',
  openpgp: 'Encrypts for phones',
};

/** The server's keys, and another one in place of the one that signs receipts. */
export function KeysScreen() {
  const client = useQueryClient();
  const mayRotate = useMay('rotate_keys');
  const [isAsking, setAsking] = useState(false);
  const keys = useQuery({
    queryKey: ['keys'],
    queryFn: ask<{ items: readonly ServerKey[] }>('/admin/v1/keys'),
  });
  const rotate = useMutation({
    mutationFn: () => callConsole('POST', '/admin/v1/keys/evidence/rotate'),
    onSuccess: async () => {
      setAsking(false);
      await client.invalidateQueries({ queryKey: ['keys'] });
    },
  });
  return (
    <Screen
      title="Keys"
      trail={[{ label: 'Configuration', href: '/configuration' }]}
      actions={
        mayRotate && (
          <Button size="sm" variant="default" onClick={() => setAsking(true)}>
            Rotate the evidence key
          </Button>
        )
      }
    >
      <AnswerOf query={keys}>
        {({ items }) => (
          <Table verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Key</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th visibleFrom="sm">Made</Table.Th>
                <Table.Th visibleFrom="sm">Retired</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((key) => (
                <Table.Tr key={key.id}>
                  <Table.Td className={css.wrap}>
                    <Text size="sm" fw={500}>
                      {PURPOSES[key.purpose] ?? key.purpose}
                    </Text>
                    <Text size="xs" c="dimmed" ff="monospace">
                      {key.kid ?? key.id}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Badge variant="light" color={key.inUse ? 'signet' : 'gray'} className={css.badge}>
                      {key.inUse ? 'in use' : 'retired'}
                    </Badge>
                  </Table.Td>
                  <Table.Td visibleFrom="sm">{sayTime(Date.parse(key.createdAt))}</Table.Td>
                  <Table.Td visibleFrom="sm">{key.retiredAt ? sayTime(Date.parse(key.retiredAt)) : '—'}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </AnswerOf>
      <Review
        isOpen={isAsking}
        title="Rotate the evidence key?"
        yes="Rotate it"
        error={rotate.error}
        isBusy={rotate.isPending}
        onYes={() => rotate.mutate()}
        onClose={() => setAsking(false)}
      >
        <Text size="sm">
          A worker makes the next one. The key set publishes both, and receipts that were signed before go on to verify.
        </Text>
      </Review>
    </Screen>
  );
}
