import { Alert, Button, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Challenge, DeviceClient } from '../../sdk/index.ts';
import { ReadCode } from './read-code.tsx';
import { sayFailure } from './say-failure.ts';

export interface CodeScreenProps {
  readonly client: DeviceClient;
  readonly onChallenge: (challenge: Challenge) => void;
}

/** Reads a one-time code and opens the request that it holds. */
export function CodeScreen({ client, onChallenge }: CodeScreenProps) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  async function claim(code: string): Promise<void> {
    setBusy(true);
    setProblem(undefined);
    try {
      onChallenge(await client.claimOtp(code));
    } catch (error) {
      setProblem(sayFailure(error));
      setBusy(false);
    }
  }

  return (
    <Stack>
      <Text>Read the code that the portal shows.</Text>
      <ReadCode label="Scan a QR code" onText={(code) => void claim(code)} />
      <Textarea label="Or its text" rows={3} value={text} onChange={(event) => setText(event.currentTarget.value)} />
      <Button onClick={() => void claim(text)} disabled={text.trim() === ''} loading={isBusy}>
        Open
      </Button>
      {problem && (
        <Alert color="red" role="alert">
          {problem}
        </Alert>
      )}
    </Stack>
  );
}
