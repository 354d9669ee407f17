import { Anchor, Button, Table, Text } from '@mantine/core';
import { Link } from 'wouter';
import css from '../console.module.css';
import { HOVER_COLOUR } from '../hover-colour.ts';
import { useMay } from '../session.ts';
import { AnswerOf } from '../shell/answer-of.tsx';
import { Screen } from '../shell/screen.tsx';
import type { Document } from './changes.ts';
import { useDocuments } from './documents.ts';
import { pathOf } from './paths.ts';
import { actionFor, type Resource } from './resources.ts';
import { sayValue } from './say-value.ts';
import type { Field } from './schema.ts';
import { trailOf } from './trail.ts';
import { aboutOf, labelOf, sayChoice, titleOf } from './words.ts';

/** Beyond what names a document. */
const MAX_COLUMNS = 4;

/** All documents of one kind. */
export function DocumentList({ resource }: { readonly resource: Resource }) {
  const documents = useDocuments(resource.name);
  const mayWrite = useMay(actionFor(resource, 'write'));
  const others = resource.fields.filter(isShort).slice(0, MAX_COLUMNS);
  return (
    <Screen
      title={titleOf(resource.name)}
      trail={trailOf()}
      actions={
        mayWrite && (
          <Button component={Link} href={`/configuration/${resource.name}/new`} size="sm">
            New
          </Button>
        )
      }
    >
      <Text c="dimmed" mt="-md">
        {aboutOf(resource.name)}
      </Text>
      <AnswerOf query={documents}>
        {({ pages }) => (
          <>
            <Table highlightOnHover highlightOnHoverColor={HOVER_COLOUR} verticalSpacing="xs">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{resource.identity.map(labelOf).join(', ')}</Table.Th>
                  {others.map(({ name }) => (
                    <Table.Th key={name} visibleFrom="sm">
                      {labelOf(name)}
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {pages
                  .flatMap(({ items }) => items)
                  .map((item) => (
                    <Row key={pathOf(resource, item)} {...{ resource, item, others }} />
                  ))}
              </Table.Tbody>
            </Table>
            {pages.every(({ items }) => items.length === 0) && <Text c="dimmed">There are none.</Text>}
          </>
        )}
      </AnswerOf>
      {documents.hasNextPage && (
        <Button
          variant="default"
          w="fit-content"
          loading={documents.isFetchingNextPage}
          onClick={() => void documents.fetchNextPage()}
        >
          More
        </Button>
      )}
    </Screen>
  );
}

interface RowProps {
  readonly resource: Resource;
  readonly item: Document;
  readonly others: readonly Field[];
}

function Row({ resource, item, others }: RowProps) {
  return (
    <Table.Tr>
      <Table.Td className={css.wrap}>
        <Anchor component={Link} href={pathOf(resource, item)} fw={500} size="sm">
          {resource.identity.map((field) => String(item[field])).join(' · ')}
        </Anchor>
      </Table.Td>
      {others.map(({ name, kind }) => (
        <Table.Td key={name} visibleFrom="sm">
          <span className={css.clamp}>
            {kind === 'choice' ? sayChoice(sayValue(item[name])) : sayValue(item[name])}
          </span>
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

function isShort({ isIdentity, isSecret, kind }: Field): boolean {
  return !isIdentity && !isSecret && kind !== 'json' && kind !== 'texts';
}
