import { Anchor, Button, Code, Group, Paper, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../ask.ts';
import css from '../console.module.css';
import { AnswerOf } from '../shell/answer-of.tsx';

/** The signed receipt of a transaction: what it says, and the file that others can verify. */
export function Receipt({ id, address }: { readonly id: string; readonly address: string }) {
  const [isShown, setShown] = useState(false);
  const receipt = useQuery({
    queryKey: ['receipt', address],
    queryFn: ask<{ readonly receipt: string }>(address),
    enabled: isShown,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="receipt">
      <Group justify="space-between">
        <Title order={2} size="h5" id="receipt">
          Receipt
        </Title>
        {!isShown && (
          <Button size="xs" variant="default" onClick={() => setShown(true)}>
            Show the receipt
          </Button>
        )}
      </Group>
      {isShown && (
        <AnswerOf query={receipt}>
          {({ receipt: text }) => (
            <>
              <Code block mt="sm" className={`${css.before} ${css.wrap}`} tabIndex={0}>
                {JSON.stringify(claimsOf(text), null, 2)}
              </Code>
              <Anchor href={`data:application/jwt,${text}`} download={`receipt-${id}.jwt`} size="sm" mt="sm">
                Save it
              </Anchor>
            </>
          )}
        </AnswerOf>
      )}
    </Paper>
  );
}

/** The claims of a JWS, unverified: verifying is for whoever relies on it. */
function claimsOf(jws: string): unknown {
  const [, payload = ''] = jws.split('.');
  const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (byte) => byte.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}
