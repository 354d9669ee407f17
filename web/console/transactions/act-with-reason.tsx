import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { callConsole } from '../call-console.ts';
import { Refusal } from '../shell/refusal.tsx';

const MIN_REASON = 3;
const MAX_REASON = 200;

export interface ActWithReasonProps {
  readonly address: string;
  /** Sent beside the reason. */
  readonly body?: object;
  readonly title: string;
  readonly about: string;
  readonly isDangerous: boolean;
  /** Answers that are not true any more afterwards. */
  readonly forget: readonly string[];
  readonly onEnd: () => void;
}

/** Does something once a reason is given, which stays with the event of it. */
export function ActWithReason({ address, body, title, about, isDangerous, forget, onEnd }: ActWithReasonProps) {
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const isReason = reason.trim().length >= MIN_REASON;
  const act = useMutation({
    mutationFn: () => callConsole('POST', address, { body: { ...body, reason: reason.trim() } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: forget });
      onEnd();
    },
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isReason) act.mutate();
  }

  return (
    <Modal.Root opened onClose={onEnd} centered>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body>
          <form onSubmit={submit}>
            <Stack>
              <Modal.Title fw={700} fz="lg">
                {title}
              </Modal.Title>
              <Text size="sm">{about}</Text>
              <TextInput
                label="Reason"
                description="Everybody who reads the events sees it."
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
                maxLength={MAX_REASON}
                required
                data-autofocus
              />
              <Refusal error={act.error} />
              <Group justify="flex-end">
                <Button variant="default" onClick={onEnd}>
                  Back
                </Button>
                <Button
                  type="submit"
                  disabled={!isReason}
                  loading={act.isPending}
                  {...(isDangerous && { color: 'red' })}
                >
                  {title}
                </Button>
              </Group>
            </Stack>
          </form>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
