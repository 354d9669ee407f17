import { Alert, Button, Stack, Text, Title } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { DeviceClient, Enrolment } from '../../sdk/index.ts';
import { forgetPhone, type PhoneRecord } from './phones.ts';
import { PinForm } from './pin-form.tsx';
import { sayFailure } from './say-failure.ts';

export interface SettingsScreenProps {
  readonly phone: PhoneRecord;
  readonly client: DeviceClient;
  readonly isEnded: boolean;
  /** Resolves when nothing else works with the phone's keys any more. */
  readonly onLeave: () => Promise<void>;
  readonly onGone: () => void;
}

interface Said {
  readonly isGood: boolean;
  readonly text: string;
}

/** PIN and fingerprint of this phone, and its end. */
export function SettingsScreen({ phone, client, isEnded, onLeave, onGone }: SettingsScreenProps) {
  const [enrolment, setEnrolment] = useState<Enrolment>();
  const [said, setSaid] = useState<Said>();
  const [isBusy, setBusy] = useState(false);

  const look = useCallback(async () => setEnrolment(await client.enrolment()), [client]);
  useEffect(() => void look(), [look]);

  async function attempt(work: () => Promise<Said>): Promise<void> {
    setBusy(true);
    try {
      setSaid(await work());
      await look();
    } catch (error) {
      setSaid({ isGood: false, text: sayFailure(error) });
    }
    setBusy(false);
  }

  async function setPin(pin: string): Promise<Said> {
    await client.setPin(pin);
    return { isGood: true, text: 'The PIN is set.' };
  }

  async function changePin(pin: string, oldPin: string): Promise<Said> {
    const outcome = await client.changePin(oldPin, pin);
    switch (outcome.status) {
      case 'changed':
        return { isGood: true, text: 'The PIN is changed.' };
      case 'changed_before':
        return { isGood: true, text: 'An earlier change had come through: its PIN counts.' };
      case 'pin_wrong':
        return { isGood: false, text: `The PIN until now is wrong. Attempts left: ${outcome.attemptsLeft}.` };
      case 'failed':
        return { isGood: false, text: 'That was the last attempt. This phone must enrol anew.' };
    }
  }

  async function registerBiometric(): Promise<Said> {
    await client.registerBiometric();
    return { isGood: true, text: 'The fingerprint is set up.' };
  }

  async function remove(): Promise<void> {
    setBusy(true);
    try {
      if (!isEnded) await client.disenrol();
      await onLeave();
      await forgetPhone(phone);
      onGone();
    } catch (error) {
      setSaid({ isGood: false, text: sayFailure(error) });
      setBusy(false);
    }
  }

  const isDisabled = isBusy || isEnded || !enrolment;
  return (
    <Stack>
      <Title order={2} size="h5">
        {phone.name}
      </Title>
      <Text size="sm">Answers for {phone.userId}. Its keys are in this browser.</Text>
      {said && (
        <Alert color={said.isGood ? 'signet' : 'red'} role="status">
          {said.text}
        </Alert>
      )}
      {enrolment && (
        <PinForm
          isChange={enrolment.hasPin}
          isDisabled={isDisabled}
          onPin={(pin, oldPin) => void attempt(() => (enrolment.hasPin ? changePin(pin, oldPin) : setPin(pin)))}
        />
      )}
      {enrolment?.hasBiometricKey ? (
        <Text>A fingerprint approves on this phone.</Text>
      ) : (
        <Button variant="default" disabled={isDisabled} onClick={() => void attempt(registerBiometric)}>
          Set up the fingerprint
        </Button>
      )}
      <Button variant="outline" color="red" disabled={isBusy} onClick={() => void remove()}>
        Remove this phone
      </Button>
    </Stack>
  );
}
