import { Alert, type AlertProps } from '@mantine/core';
import { sayRefusal } from '../say-refusal.ts';

/** Why something was not done; nothing where there is no error. */
export function Refusal({ error, ...props }: { readonly error: unknown } & AlertProps) {
  if (error === null || error === undefined) return null;
  return (
    <Alert color="red" role="alert" {...props}>
      {sayRefusal(error)}
    </Alert>
  );
}
