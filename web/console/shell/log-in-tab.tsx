import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { useEffect } from 'react';

/** Over it a tab in which somebody has logged in tells the others. */
export const LOG_IN_CHANNEL = 'countersign-console-log-in';

/** Where a log-in ends that was made beside a page that waits for it. */
export const LOG_IN_TAB = '/console/logged-in';

export function isLogInTab(): boolean {
  return location.pathname === LOG_IN_TAB;
}

/** Sends whoever has logged in here back to the tab that they came from. */
export function LoggedIn() {
  useEffect(() => {
    const channel = new BroadcastChannel(LOG_IN_CHANNEL);
    channel.postMessage('begun');
    return () => channel.close();
  }, []);
  return (
    <Center mih="60vh" p="md" component="main">
      <Stack align="center">
        <Title order={1} size="h3">
          You are logged in
        </Title>
        <Text>The tab that you came from goes on. This one is not needed any more.</Text>
        <Button variant="default" onClick={() => window.close()}>
          Close this tab
        </Button>
      </Stack>
    </Center>
  );
}
