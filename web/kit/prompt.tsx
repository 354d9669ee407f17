import { Button, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';

export interface PromptProps {
  readonly isOpen: boolean;
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * Asks for something before anything else. Escape and the last button close it. Without the library's own header, which
 * would be a second banner of the page.
 */
export function Prompt({ isOpen, title, onClose, children }: PromptProps) {
  return (
    <Modal.Root opened={isOpen} onClose={onClose} centered>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body>
          <Stack>
            <Modal.Title fw={700} fz="lg">
              {title}
            </Modal.Title>
            {children}
            <Button variant="subtle" onClick={onClose}>
              Close
            </Button>
          </Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
