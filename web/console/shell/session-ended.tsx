import { Modal, Stack, Text } from '@mantine/core';
import type { LogInKind } from '../call-console.ts';
import type { Session } from '../session.ts';
import { LogInWay } from './log-in-screen.tsx';
import { LOG_IN_TAB } from './log-in-tab.tsx';

export interface SessionEndedProps {
  /** Undefined as long as the session lasts. */
  readonly login: LogInKind | undefined;
  readonly onBegin: (session: Session) => void;
}

/** Asks to log in again, over the page that waits with all that was typed into it. */
export function SessionEnded({ login, onBegin }: SessionEndedProps) {
  return (
    <Modal.Root opened={login !== undefined} onClose={() => undefined} centered zIndex={1_000}>
      <Modal.Overlay backgroundOpacity={0.6} blur={6} />
      <Modal.Content>
        <Modal.Body>
          <Stack>
            <Modal.Title fw={700} fz="lg">
              Your session has ended
            </Modal.Title>
            <Text>Log in again to go on where you were. What you have typed is still here.</Text>
            <LogInWay login={login ?? 'none'} to={LOG_IN_TAB} isBeside onBegin={onBegin} />
          </Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
