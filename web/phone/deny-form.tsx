import { Button, Stack, Title } from '@mantine/core';
import type { DenialReason } from '../../sdk/index.ts';

export interface DenyFormProps {
  readonly isBusy: boolean;
  readonly onDeny: (reason: DenialReason) => void;
  readonly onBack: () => void;
}

/** Says no, and why. */
export function DenyForm({ isBusy, onDeny, onBack }: DenyFormProps) {
  return (
    <Stack gap="sm">
      <Title order={3} size="h5">
        Why do you deny it?
      </Title>
      <Button color="red" size="md" disabled={isBusy} onClick={() => onDeny('not_me')}>
        It was not me
      </Button>
      <Button variant="outline" color="red" size="md" disabled={isBusy} onClick={() => onDeny('cancelled')}>
        I have changed my mind
      </Button>
      <Button variant="default" disabled={isBusy} onClick={onBack}>
        Do not deny it
      </Button>
    </Stack>
  );
}
