import { Alert, Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { callConsole } from '../call-console.ts';
import { useMay } from '../session.ts';
import { Refusal } from '../shell/refusal.tsx';
import type { Asking } from './user.ts';

export interface AskingStateProps {
  /** Of the user. */
  readonly address: string;
  readonly asking: Asking;
}

/** Says why a user is not asked now, and lets them be asked again at once. Nothing where they are asked. */
export function AskingState({ address, asking }: AskingStateProps) {
  const client = useQueryClient();
  const mayUnlock = useMay('manage_devices');
  const unlock = useMutation({
    mutationFn: () => callConsole('POST', `${address}/unlock`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['users'] }),
  });
  if (asking.refusal === null && asking.misses === 0) return null;
  return (
    <>
      <Refusal error={unlock.error} />
      <Alert color={asking.refusal === null ? 'gray' : 'orange'} role="status">
        <Group justify="space-between">
          {sayAsking(asking)}
          {mayUnlock && asking.refusal !== 'too_many_pending' && (
            <Button size="xs" loading={unlock.isPending} onClick={() => unlock.mutate()}>
              Unlock
            </Button>
          )}
        </Group>
      </Alert>
    </>
  );
}

function sayAsking({ refusal, retryAfterMs, misses, waiting }: Asking): string {
  const inARow = misses === 1 ? 'One push was denied or ignored.' : `${misses} pushes in a row were denied or ignored.`;
  const later = retryAfterMs === null ? '' : ` They can be asked again in ${Math.ceil(retryAfterMs / 1_000)} s.`;
  switch (refusal) {
    case 'blocked':
      return 'The user said that it was not them. They are asked by push no more until they are unlocked.';
    case 'too_soon':
      return `${inARow}${later}`;
    case 'too_many_pending':
      return `${waiting} pushes wait for an answer: no other one is sent now.${later}`;
    case null:
      return inARow;
    default:
      return refusal satisfies never;
  }
}
