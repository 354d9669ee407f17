import { Alert, Button, Code, Loader, Stack, Text, Title } from '@mantine/core';
import { useEffect, useState } from 'react';
import type {
  AnswerOutcome,
  ApprovalInput,
  Challenge,
  DenialReason,
  DeviceClient,
  PendingTransaction,
} from '../../sdk/index.ts';
import { Countdown, useTimeLeft } from '../kit/countdown.tsx';
import { ApproveForm } from './approve-form.tsx';
import { DenyForm } from './deny-form.tsx';
import { Outcome } from './outcome.tsx';
import css from './phone.module.css';
import { keepAnswered, type PhoneRecord } from './phones.ts';
import { sayFailure } from './say-failure.ts';

export interface RequestScreenProps {
  readonly phone: PhoneRecord;
  readonly client: DeviceClient;
  /** Waiting, or a challenge that was fetched with a code. */
  readonly opened: PendingTransaction | Challenge;
  readonly onClose: () => void;
}

type Final = 'approved' | 'denied' | 'failed' | 'recorded';

/** One request: what is asked, by which method, and what became of the answer. */
export function RequestScreen({ phone, client, opened, onClose }: RequestScreenProps) {
  const [challenge, setChallenge] = useState<Challenge | undefined>('nonce' in opened ? opened : undefined);
  const [openedAtMs] = useState(Date.now);
  const [problem, setProblem] = useState<string>();
  const [needsPin, setNeedsPin] = useState(false);
  const [isDenying, setDenying] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [final, setFinal] = useState<Final>();

  useEffect(() => {
    if ('nonce' in opened) return;
    client.fetchChallenge(opened).then(setChallenge, (error) => setProblem(sayFailure(error)));
  }, [client, opened]);

  async function answer(send: () => Promise<AnswerOutcome>): Promise<void> {
    setBusy(true);
    setProblem(undefined);
    try {
      take(await send());
    } catch (error) {
      setProblem(sayFailure(error));
    }
    setBusy(false);
  }

  function take(outcome: AnswerOutcome): void {
    if (outcome.status === 'pin_required') setNeedsPin(true);
    else if (outcome.status === 'pin_wrong') setProblem(`Wrong PIN. ${attempts(outcome.attemptsLeft)}`);
    else if (outcome.status === 'number_wrong') setProblem(`Wrong number. ${attempts(outcome.attemptsLeft)}`);
    else {
      const [message = ''] = (challenge?.message ?? opened.message).split('\n');
      const { transactionId } = opened;
      keepAnswered(phone.id, { transactionId, message, status: outcome.status, atMs: Date.now() });
      setFinal(outcome.status);
    }
  }

  const endsAtMs = Date.parse(opened.expiresAt);
  const isOver = useTimeLeft(endsAtMs) === 0;
  const approve = (input: ApprovalInput): void => void answer(() => client.approve(challenge as Challenge, input));
  const deny = (reason: DenialReason): void => void answer(() => client.deny(challenge ?? opened, { reason }));

  if (final) return <Outcome status={final} onClose={onClose} />;
  // Where the request comes from stands in lines of its own.
  const [question, ...context] = (challenge?.message ?? '').split('\n');
  return (
    <div className={css.screen}>
      <Stack>
        <Countdown endsAtMs={endsAtMs} lastsMs={Math.max(1, endsAtMs - openedAtMs)} />
        {!challenge && !problem && <Loader aria-label="Opening the request" />}
        {challenge && (
          <>
            <Title order={2} size="h3">
              {question}
            </Title>
            {context.map((line) => (
              <Text key={line}>{line}</Text>
            ))}
            <Text size="sm" c="dimmed">
              For {phone.userId}, verified to come from the server this phone enrolled with
            </Text>
            {challenge.signingData !== undefined && <Code block>{challenge.signingData}</Code>}
          </>
        )}
        {problem && (
          <Alert color="red" role="alert">
            {problem}
          </Alert>
        )}
        {isOver && <Alert role="status">The time for this request is over.</Alert>}
        {isDenying && !isOver && <DenyForm isBusy={isBusy} onDeny={deny} onBack={() => setDenying(false)} />}
        {!isDenying && !isOver && challenge && (
          <ApproveForm
            method={needsPin ? 'push_with_pin' : challenge.method}
            isBusy={isBusy}
            onApprove={approve}
            onUsePin={() => setNeedsPin(true)}
          />
        )}
        {!isDenying && !isOver && (
          <Button variant="outline" color="red" size="md" disabled={isBusy} onClick={() => setDenying(true)}>
            No, deny
          </Button>
        )}
        <Button variant="subtle" onClick={onClose}>
          Back to all requests
        </Button>
      </Stack>
    </div>
  );
}

function attempts(left: number): string {
  return left === 1 ? 'One attempt is left.' : `${left} attempts are left.`;
}
