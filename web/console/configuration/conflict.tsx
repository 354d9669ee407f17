import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { ChangeList } from './change-list.tsx';
import { type Change, conflictsOf } from './changes.ts';
import type { Field } from './schema.ts';
import type { Theirs } from './use-draft.ts';

export interface ConflictProps {
  readonly theirs: Theirs;
  readonly changes: readonly Change[];
  readonly fields: readonly Field[];
  readonly onRebase: () => void;
  readonly onTakeTheirs: () => void;
}

/** Somebody else has saved first: what they changed, and what was changed here. Nothing is saved or lost yet. */
export function Conflict({ theirs, changes, fields, onRebase, onTakeTheirs }: ConflictProps) {
  const conflicts = conflictsOf(changes, theirs.changes);
  return (
    <Modal.Root opened onClose={onRebase} size="lg" centered closeOnClickOutside={false} closeOnEscape={false}>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body>
          <Stack>
            <Modal.Title fw={700} fz="lg">
              Somebody else was first
            </Modal.Title>
            <Text size="sm">Your changes are not saved. They can be applied on top of the other ones.</Text>
            {theirs.changes.length === 0 ? (
              <Text size="sm">The other change is one that is not shown, such as of a secret.</Text>
            ) : (
              <ChangeList caption="What they changed" fields={fields} changes={theirs.changes} />
            )}
            <ChangeList caption="What you changed" fields={fields} changes={changes} conflicts={conflicts} />
            <Group justify="flex-end">
              <Button variant="default" onClick={onTakeTheirs}>
                Drop mine
              </Button>
              <Button onClick={onRebase}>Apply mine on top</Button>
            </Group>
          </Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
