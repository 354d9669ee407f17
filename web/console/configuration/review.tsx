import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import css from '../console.module.css';
import { sayRefusal } from '../say-refusal.ts';

export interface ReviewProps {
  readonly isOpen: boolean;
  readonly title: string;
  readonly error: unknown;
  readonly isBusy: boolean;
  readonly yes: string;
  readonly isDangerous?: boolean;
  readonly onYes: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Shows what is about to be done, and asks for it. */
export function Review({ isOpen, title, error, isBusy, yes, isDangerous, onYes, onClose, children }: ReviewProps) {
  return (
    <Modal.Root opened={isOpen} onClose={onClose} size="lg" centered>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body>
          <Stack>
            <Modal.Title fw={700} fz="lg" className={css.wrap}>
              {title}
            </Modal.Title>
            {children}
            {error !== null && error !== undefined && (
              <Alert color="red" role="alert">
                <Text size="sm">{sayRefusal(error)}</Text>
              </Alert>
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Back
              </Button>
              <Button onClick={onYes} loading={isBusy} {...(isDangerous && { color: 'red' })}>
                {yes}
              </Button>
            </Group>
          </Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
