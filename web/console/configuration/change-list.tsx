import { Badge, Table, Text } from '@mantine/core';
import css from '../console.module.css';
import type { Change } from './changes.ts';
import { sayValue } from './say-value.ts';
import type { Field } from './schema.ts';
import { labelOf } from './words.ts';

export interface ChangeListProps {
  readonly caption: string;
  readonly fields: readonly Field[];
  readonly changes: readonly Change[];
  /** Those that somebody else has changed too. */
  readonly conflicts?: readonly Change[];
}

/** Changed fields, each with what it was and what it is to be. */
export function ChangeList({ caption, fields, changes, conflicts = [] }: ChangeListProps) {
  const isSecret = ({ path: [name] }: Change): boolean => fields.some((field) => field.name === name && field.isSecret);
  return (
    <Table captionSide="top" verticalSpacing="xs" layout="fixed">
      <Table.Caption ta="left">{caption}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Field</Table.Th>
          <Table.Th>Before</Table.Th>
          <Table.Th>After</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {changes.map((change) => (
          <Table.Tr key={change.path.join('.')}>
            <Table.Th scope="row" fw={500} className={css.wrap}>
              {sayPath(change.path)}
              {conflicts.includes(change) && (
                <Badge ml="xs" color="orange" variant="light" size="sm" autoContrast>
                  both
                </Badge>
              )}
            </Table.Th>
            <Table.Td className={css.wrap}>
              <Text size="sm" td="line-through" c="dimmed" component="del" className={css.before}>
                {sayValue(change.before)}
              </Text>
            </Table.Td>
            <Table.Td className={css.wrap}>
              <Text size="sm" fw={600} component="ins" td="none" className={css.before}>
                {sayValue(change.after, isSecret(change))}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function sayPath([name = '', ...rest]: readonly string[]): string {
  return [labelOf(name), ...rest].join(', ');
}
