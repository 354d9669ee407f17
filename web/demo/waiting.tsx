import { Alert, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { callApi } from '../kit/call-api.ts';
import { Countdown } from '../kit/countdown.tsx';
import { EnterCode } from './enter-code.tsx';
import { Outcome } from './outcome.tsx';
import { euros, type Question, type Standing } from './question.ts';
import { sayRefusal } from './say-refusal.ts';
import { ShowCode } from './show-code.tsx';
import { StageList } from './stage-list.tsx';
import { UseSms } from './use-sms.tsx';
import { useStages } from './use-stages.ts';

export interface WaitingProps {
  readonly question: Question;
  /** The same question another way. */
  readonly onAskedAnew: (question: Question) => void;
  readonly onEnd: (standing: Standing | undefined) => void;
}

/** What the customer sees while the phone is asked, and what became of it. */
export function Waiting({ question, onAskedAnew, onEnd }: WaitingProps) {
  const { transactionId, purpose, payment, method, number, isBySms, device, validForMs } = question;
  const { stages, standing, isPolling } = useStages(question);
  const [endsAtMs] = useState(() => Date.now() + validForMs);
  const [said, setSaid] = useState<{ readonly isGood: boolean; readonly text: string }>();

  async function step(name: string, body: object, done: string): Promise<boolean> {
    try {
      await callApi('POST', `/demo/api/asked/${transactionId}/${name}`, body);
      setSaid(done === '' ? undefined : { isGood: true, text: done });
      return true;
    } catch (error) {
      setSaid({ isGood: false, text: sayRefusal(error) });
      return false;
    }
  }

  if (standing)
    return <Outcome question={question} standing={standing} stages={stages} onDone={() => onEnd(standing)} />;
  const where = isBySms ? question.phoneNumber : (device?.name ?? 'your phone');
  return (
    <Card withBorder>
      <Stack>
        <Title order={2} size="h3">
          {payment ? `Pay ${euros(payment.amountCents)} to ${payment.payee}` : 'Log in'}
        </Title>
        <Text>
          {method === 'otp' ? 'Scan this code with your phone, and answer there.' : `Look at ${where}.`}
          {purpose === 'payment' && ' Nothing is paid before you approve.'}
        </Text>
        {number !== null && (
          <div>
            <Text size="sm">Type this number on your phone:</Text>
            <Text fz={48} fw={700} ff="monospace" data-testid="number">
              {number}
            </Text>
          </div>
        )}
        {method === 'otp' && <ShowCode transactionId={transactionId} />}
        {isBySms && <EnterCode onCode={(code) => step('code', { code }, '')} />}
        <Countdown endsAtMs={endsAtMs} lastsMs={Math.max(1, validForMs)} />
        {said && (
          <Alert color={said.isGood ? 'signet' : 'red'} role="status">
            {said.text}
          </Alert>
        )}
        <StageList stages={stages} />
        {isPolling && (
          <Text size="sm" c="dimmed">
            News come every two seconds.
          </Text>
        )}
        <Group>
          {method !== 'otp' && (
            <Button variant="default" onClick={() => void step('resend', {}, 'It was sent again.')}>
              Send it again
            </Button>
          )}
          {!isBySms && method !== 'otp' && (
            <UseSms
              transactionId={transactionId}
              onAsked={onAskedAnew}
              onProblem={(text) => setSaid({ isGood: false, text })}
            />
          )}
          <Button variant="outline" color="red" onClick={() => void step('cancel', {}, '')}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}
