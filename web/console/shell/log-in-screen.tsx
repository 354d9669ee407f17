import { Button, Center, Paper, Stack, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import type { LogInKind } from '../call-console.ts';
import type { Session } from '../session.ts';
import { LogInForm } from './log-in-form.tsx';

export interface LogInScreenProps {
  readonly login: LogInKind;
  readonly onBegin: (session: Session) => void;
}

/** Before anything else. The address stays, so that whoever has logged in is where they wanted to be. */
export function LogInScreen({ login, onBegin }: LogInScreenProps) {
  useEffect(() => {
    document.title = 'Log in · Countersign console';
  }, []);
  return (
    <Center mih="80vh" p="md" component="main">
      <Paper withBorder p="xl" w="100%" maw={380}>
        <Stack>
          <div>
            <Title order={1} size="h3">
              Countersign
            </Title>
            <Text c="dimmed">Operator console</Text>
          </div>
          <LogInWay login={login} to={location.pathname + location.search} onBegin={onBegin} />
        </Stack>
      </Paper>
    </Center>
  );
}

export interface LogInWayProps extends LogInScreenProps {
  /** Where to be afterwards. */
  readonly to: string;
  /** Beside this page, which stays as it is. */
  readonly isBeside?: boolean;
}

/** The form, or the way to the identity provider. */
export function LogInWay({ login, to, isBeside = false, onBegin }: LogInWayProps) {
  if (login === 'local') return <LogInForm onBegin={onBegin} />;
  if (login === 'none') return <Text>Nobody can log in: this installation has no operators set up.</Text>;
  return (
    <Button component="a" href={`/console/login?to=${encodeURIComponent(to)}`} target={isBeside ? '_blank' : undefined}>
      Log in with your organisation
    </Button>
  );
}
