import { Alert, Button, Card, Code, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { callApi } from '../kit/call-api.ts';
import { euros, type Question, type Standing } from './question.ts';
import { sayRefusal } from './say-refusal.ts';
import { StageList } from './stage-list.tsx';
import type { Stage } from './use-stages.ts';

const WORDS: Readonly<Record<Standing['status'], { readonly title: string; readonly text: string }>> = {
  pending: { title: 'Waiting', text: '' },
  approved: { title: 'Approved', text: 'You are logged in.' },
  denied: { title: 'Denied', text: 'Nothing was done. If it was not you who asked, call us.' },
  failed: { title: 'Not confirmed', text: 'The answer was not right, or it could not be asked. Nothing was done.' },
  expired: { title: 'Time is up', text: 'Nobody answered in time. Nothing was done.' },
  cancelled: { title: 'Cancelled', text: 'Nothing was done.' },
};

export interface OutcomeProps {
  readonly question: Question;
  readonly standing: Standing;
  readonly stages: readonly Stage[];
  readonly onDone: () => void;
}

/** What became of a question, and the server's signed word on it. */
export function Outcome({ question, standing, stages, onDone }: OutcomeProps) {
  const [receipt, setReceipt] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const { payment, transactionId } = question;
  const { title, text } = WORDS[standing.status];
  const isApproved = standing.status === 'approved';
  const paid = payment && `${euros(payment.amountCents)} went to ${payment.payee}.`;

  async function showReceipt(): Promise<void> {
    try {
      setReceipt((await callApi<{ receipt: string }>('GET', `/demo/api/asked/${transactionId}/receipt`)).receipt);
    } catch (error) {
      setProblem(sayRefusal(error));
    }
  }

  return (
    <Card withBorder>
      <Stack>
        <Title order={2} size="h3">
          {title}
        </Title>
        <Alert color={isApproved ? 'signet' : 'red'} role="status">
          {isApproved && paid ? paid : text}
        </Alert>
        {isApproved && (
          <Text size="sm">
            {standing.userId} approved by {standing.method.replaceAll('_', ' ')}.
          </Text>
        )}
        <StageList stages={stages} />
        {problem && (
          <Alert color="red" role="alert">
            {problem}
          </Alert>
        )}
        {receipt !== undefined && <Receipt receipt={receipt} transactionId={transactionId} />}
        <Group>
          <Button onClick={onDone} autoFocus>
            Go on
          </Button>
          {receipt === undefined && (
            <Button variant="default" onClick={() => void showReceipt()}>
              Show the receipt
            </Button>
          )}
        </Group>
      </Stack>
    </Card>
  );
}

interface ReceiptProps {
  readonly receipt: string;
  readonly transactionId: string;
}

function Receipt({ receipt, transactionId }: ReceiptProps) {
  const claims = JSON.stringify(readClaims(receipt), null, 2);
  return (
    <Stack gap="xs" align="stretch">
      <Text size="sm">Signed by the server; anybody can verify it with the published key.</Text>
      <Code block mah={260} tabIndex={0} role="region" aria-label="Receipt">
        {claims}
      </Code>
      <Button
        component="a"
        variant="default"
        w="fit-content"
        href={`data:application/jwt,${receipt}`}
        download={`receipt-${transactionId}.jwt`}
      >
        Save it
      </Button>
    </Stack>
  );
}

/** The middle part of a compact JWS, for reading only. */
function readClaims(receipt: string): unknown {
  const middle = (receipt.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
  const bytes = Uint8Array.from(atob(middle), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}
