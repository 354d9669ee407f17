import { Alert, Button, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { type FormEvent, useCallback, useEffect, useState } from 'react';
import type { DeviceClient, Enrolment } from '../../sdk/index.ts';
import { forgetPhone, type PhoneRecord } from './phones.ts';
import { sayFailure } from './say-failure.ts';

export interface SettingsScreenProps {
  readonly phone: PhoneRecord;
  readonly client: DeviceClient;
  readonly isEnded: boolean;
  readonly onChange: (phone: PhoneRecord) => void;
  readonly onGone: () => void;
}

/** PIN and fingerprint of this phone, and its end. */
export function SettingsScreen({ phone, client, isEnded, onGone }: SettingsScreenProps) {
  const [enrolment, setEnrolment] = useState<Enrolment>();
  const [pin, setPin] = useState('');
  const [said, setSaid] = useState<{ readonly isGood: boolean; readonly text: string }>();
  const [isBusy, setBusy] = useState(false);

  const look = useCallback(async () => setEnrolment(await client.enrolment()), [client]);
  useEffect(() => void look(), [look]);

  async function attempt(work: () => Promise<void>, done: string): Promise<void> {
    setBusy(true);
    try {
      await work();
      setSaid({ isGood: true, text: done });
      await look();
    } catch (error) {
      setSaid({ isGood: false, text: sayFailure(error) });
    }
    setBusy(false);
  }

  function submitPin(event: FormEvent): void {
    event.preventDefault();
    void attempt(() => client.setPin(pin), 'The PIN is set.');
  }

  async function remove(): Promise<void> {
    if (!isEnded) await client.disenrol();
    forgetPhone(phone);
    onGone();
  }

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
      {enrolment?.pinKey ? (
        <Text>A PIN is set.</Text>
      ) : (
        <form onSubmit={submitPin}>
          <Stack gap="xs">
            <PasswordInput
              label="Choose a PIN"
              description="Five digits or more; it never leaves this phone"
              inputMode="numeric"
              autoComplete="off"
              value={pin}
              onChange={(event) => setPin(event.currentTarget.value)}
              disabled={isEnded}
            />
            <Button type="submit" loading={isBusy} disabled={pin === '' || isEnded}>
              Set the PIN
            </Button>
          </Stack>
        </form>
      )}
      {enrolment?.biometricKey ? (
        <Text>A fingerprint approves on this phone.</Text>
      ) : (
        <Button
          variant="default"
          disabled={isBusy || isEnded}
          onClick={() => void attempt(() => client.registerBiometric(), 'The fingerprint is set up.')}
        >
          Set up the fingerprint
        </Button>
      )}
      <Button
        variant="outline"
        color="red"
        disabled={isBusy}
        onClick={() => void attempt(remove, 'The phone is removed.')}
      >
        Remove this phone
      </Button>
    </Stack>
  );
}
