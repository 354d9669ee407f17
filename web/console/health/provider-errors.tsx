import { Paper, Table, Text, Title } from '@mantine/core';
import css from '../console.module.css';
import type { Health } from './health.ts';

/** What providers refused, the most frequent first. */
export function ProviderErrors({ errors }: { readonly errors: Health['providerErrors'] }) {
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="provider-errors">
      <Title order={2} size="h5" id="provider-errors" mb="xs">
        Errors of providers
      </Title>
      {errors.length === 0 ? (
        <Text size="sm" c="dimmed">
          None.
        </Text>
      ) : (
        <Table verticalSpacing={4} className={css.number}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Provider</Table.Th>
              <Table.Th>Code</Table.Th>
              <Table.Th ta="right">Times</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {errors.map(({ provider, code, count }) => (
              <Table.Tr key={`${provider} ${code}`}>
                <Table.Td>{provider}</Table.Td>
                <Table.Td className={css.wrap}>{code}</Table.Td>
                <Table.Td ta="right">{count.toLocaleString('en')}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Paper>
  );
}
