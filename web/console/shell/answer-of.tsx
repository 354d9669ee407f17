import { Alert, Button, Group, Skeleton, Stack } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { sayRefusal } from '../say-refusal.ts';

export interface AnswerOfProps<Data> {
  readonly query: UseQueryResult<Data>;
  readonly children: (data: Data) => ReactNode;
}

/** What a question to the server came to: the answer, that it is on its way, or why there is none. */
export function AnswerOf<Data>({ query, children }: AnswerOfProps<Data>) {
  const { data, error } = query;
  return (
    <>
      {error && (
        <Alert color="red" role="alert">
          <Group justify="space-between">
            {sayRefusal(error)}
            <Button size="compact-sm" variant="default" onClick={() => void query.refetch()}>
              Try again
            </Button>
          </Group>
        </Alert>
      )}
      {data !== undefined && children(data)}
      {data === undefined && !error && (
        <Stack role="status" aria-label="Loading">
          {[1, 2, 3, 4].map((line) => (
            <Skeleton key={line} h={28} />
          ))}
        </Stack>
      )}
    </>
  );
}
