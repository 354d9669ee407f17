import { Button, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { callApi } from '../kit/call-api.ts';
import { Prompt } from '../kit/prompt.tsx';
import type { Question } from './question.ts';
import { sayRefusal } from './say-refusal.ts';

export interface UseSmsProps {
  readonly transactionId: string;
  readonly onAsked: (question: Question) => void;
  readonly onProblem: (text: string) => void;
}

/** For whoever has no phone at hand that can be pushed to. */
export function UseSms({ transactionId, onAsked, onProblem }: UseSmsProps) {
  const [isOpen, setOpen] = useState(false);
  const [phoneNumber, setPhoneNumber] = useState('+31612345678');
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    try {
      onAsked(await callApi<Question>('POST', `/demo/api/asked/${transactionId}/sms`, { phoneNumber }));
    } catch (error) {
      setOpen(false);
      setBusy(false);
      onProblem(sayRefusal(error));
    }
  }

  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Use SMS instead
      </Button>
      <Prompt isOpen={isOpen} onClose={() => setOpen(false)} title="Ask me by SMS">
        <form onSubmit={(event) => void submit(event)}>
          <Stack>
            <TextInput
              data-autofocus
              label="Your number"
              value={phoneNumber}
              onChange={(event) => setPhoneNumber(event.currentTarget.value)}
              inputMode="tel"
              required
            />
            <Button type="submit" loading={isBusy}>
              Send the SMS
            </Button>
          </Stack>
        </form>
      </Prompt>
    </>
  );
}
