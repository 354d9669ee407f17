import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { callConsole } from '../call-console.ts';
import { useMay } from '../session.ts';
import { Refusal } from '../shell/refusal.tsx';

export interface UnlockUserProps {
  readonly address: string;
  readonly isLocked: boolean;
}

/** Lets a user be asked again at once. */
export function UnlockUser({ address, isLocked }: UnlockUserProps) {
  const client = useQueryClient();
  const mayUnlock = useMay('manage_devices');
  const unlock = useMutation({
    mutationFn: () => callConsole('POST', `${address}/unlock`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['users'] }),
  });
  if (!mayUnlock || !isLocked) return null;
  return (
    <>
      <Refusal error={unlock.error} p="xs" />
      <Button size="sm" loading={unlock.isPending} onClick={() => unlock.mutate()}>
        Unlock
      </Button>
    </>
  );
}
