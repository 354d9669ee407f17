import { Alert, Button, Center, Loader, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { ask } from '../ask.ts';
import { isSessionEnd, SESSION_KEY } from '../query-client.ts';
import { sayRefusal } from '../say-refusal.ts';
import { type Session, SessionContext } from '../session.ts';
import { LogInScreen } from './log-in-screen.tsx';
import { isLogInTab, LOG_IN_CHANNEL, LoggedIn } from './log-in-tab.tsx';
import { SessionEnded } from './session-ended.tsx';

/** Shows the console to whoever is logged in. Where the session ends, everything stays as it is behind the question to log in. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const session = useQuery({
    queryKey: SESSION_KEY,
    queryFn: ask<Session>('/console/api/session'),
    refetchInterval: 60_000,
  });

  useEffect(() => {
    const channel = new BroadcastChannel(LOG_IN_CHANNEL);
    channel.onmessage = () => void client.invalidateQueries({ queryKey: SESSION_KEY });
    return () => channel.close();
  }, [client]);

  function begin(begun: Session): void {
    const before = client.getQueryData<Session>(SESSION_KEY);
    // Whatever is on the screen was for somebody else to see.
    if (before && before.operator !== begun.operator) {
      location.reload();
      return;
    }
    client.setQueryData(SESSION_KEY, begun);
    void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
  }

  const { data, error } = session;
  const login = isSessionEnd(error) ? (error.problem.login ?? 'none') : undefined;
  if (data) {
    if (isLogInTab()) return <LoggedIn />;
    return (
      <SessionContext.Provider value={data}>
        {children}
        <SessionEnded login={login} onBegin={begin} />
      </SessionContext.Provider>
    );
  }
  if (login) return <LogInScreen login={login} onBegin={begin} />;
  return (
    <Center mih="60vh" p="md">
      {error ? (
        <Stack>
          <Alert color="red" role="alert">
            {sayRefusal(error)}
          </Alert>
          <Button onClick={() => void session.refetch()}>Try again</Button>
        </Stack>
      ) : (
        <Loader aria-label="Loading" />
      )}
    </Center>
  );
}
