import { Button, Code, CopyButton, Group, Modal, Stack, Text } from '@mantine/core';
import css from '../console.module.css';

export interface ShownSecretProps {
  readonly secret: string;
  readonly onClose: () => void;
}

/** A new secret, which nobody can see again. */
export function ShownSecret({ secret, onClose }: ShownSecretProps) {
  return (
    <Modal.Root opened onClose={onClose} centered closeOnClickOutside={false} closeOnEscape={false}>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body>
          <Stack>
            <Modal.Title fw={700} fz="lg">
              The new secret
            </Modal.Title>
            <Text size="sm">It is shown this once. Put it where the client finds it.</Text>
            <Code block className={css.wrap} data-testid="secret">
              {secret}
            </Code>
            <Group justify="flex-end">
              <CopyButton value={secret}>
                {({ copied, copy }) => (
                  <Button variant="default" onClick={copy}>
                    {copied ? 'Copied' : 'Copy'}
                  </Button>
                )}
              </CopyButton>
              <Button onClick={onClose}>I have it</Button>
            </Group>
          </Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
