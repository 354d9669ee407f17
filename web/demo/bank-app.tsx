import { Alert, AppShell, Button, Center, Container, Group, Loader, Text, Title } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { callApi } from '../kit/call-api.ts';
import { Account } from './account.tsx';
import { LogIn } from './log-in.tsx';
import type { Ask, Question, Standing } from './question.ts';
import { sayRefusal } from './say-refusal.ts';
import { Waiting } from './waiting.tsx';

interface Session {
  readonly userId: string | null;
  readonly asked: readonly Question[];
}

/** A bank that asks its customers' phones: at log-in and for each payment. */
export function BankApp() {
  const [session, setSession] = useState<Session>();
  const [question, setQuestion] = useState<Question>();
  const [problem, setProblem] = useState<string>();

  const look = useCallback(async () => {
    try {
      const now = await callApi<Session>('GET', '/demo/api/session');
      setSession(now);
      setProblem(undefined);
      return now;
    } catch (error) {
      setProblem(sayRefusal(error));
      return undefined;
    }
  }, []);

  useEffect(() => {
    // Whoever loads the page anew, or in another tab, finds the question that is still open.
    void look().then((now) => setQuestion(now?.asked.at(0)));
  }, [look]);

  const shown = question?.transactionId ?? session?.userId;
  useEffect(() => {
    // Another view begins at its top.
    if (shown !== undefined) scrollTo(0, 0);
  }, [shown]);

  async function ask(fields: Ask): Promise<void> {
    setProblem(undefined);
    try {
      setQuestion(await callApi<Question>('POST', '/demo/api/ask', fields));
    } catch (error) {
      setProblem(sayRefusal(error));
    }
  }

  async function end(standing: Standing | undefined): Promise<void> {
    if (standing?.status === 'approved') await look();
    setQuestion(undefined);
  }

  async function logOut(): Promise<void> {
    try {
      await callApi('DELETE', '/demo/api/session');
      await look();
    } catch (error) {
      setProblem(sayRefusal(error));
    }
  }

  return (
    <AppShell header={{ height: 60 }} padding="md">
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Title order={1} size="h4">
            Canal Bank
          </Title>
          {session?.userId && (
            <Group gap="sm" wrap="nowrap">
              <Text size="sm">{session.userId}</Text>
              <Button variant="default" size="xs" onClick={() => void logOut()}>
                Log out
              </Button>
            </Group>
          )}
        </Group>
      </AppShell.Header>
      <AppShell.Main>
        <Container size="sm" px={0}>
          {problem && (
            <Alert color="red" role="alert" mb="md">
              {problem}
            </Alert>
          )}
          {!session && !problem && (
            <Center mih={200}>
              <Loader aria-label="Loading" />
            </Center>
          )}
          {question && (
            <Waiting
              key={question.transactionId}
              question={question}
              onAskedAnew={setQuestion}
              onEnd={(it) => void end(it)}
            />
          )}
          {session && !question && !session.userId && <LogIn onAsk={ask} />}
          {session && !question && session.userId && <Account userId={session.userId} onAsk={ask} />}
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}
