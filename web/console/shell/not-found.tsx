import { Text } from '@mantine/core';
import { Screen } from './screen.tsx';

/** At an address that is none of ours, or not for this operator. */
export function NotFound() {
  return (
    <Screen title="Nothing is here">
      <Text>This address does not exist, or your role does not open it.</Text>
    </Screen>
  );
}
