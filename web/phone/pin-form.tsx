import { Button, PasswordInput, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';

export interface PinFormProps {
  /** The old one is asked for, too. */
  readonly isChange: boolean;
  readonly isDisabled: boolean;
  readonly onPin: (pin: string, oldPin: string) => void;
}

/** Chooses a PIN, or another one. */
export function PinForm({ isChange, isDisabled, onPin }: PinFormProps) {
  const [pin, setPin] = useState('');
  const [oldPin, setOldPin] = useState('');

  function submit(event: FormEvent): void {
    event.preventDefault();
    onPin(pin, oldPin);
    setPin('');
    setOldPin('');
  }

  const field = { inputMode: 'numeric', autoComplete: 'off', disabled: isDisabled, required: true } as const;
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        {isChange && (
          <PasswordInput
            {...field}
            label="PIN until now"
            value={oldPin}
            onChange={(event) => setOldPin(event.currentTarget.value)}
          />
        )}
        <PasswordInput
          {...field}
          label={isChange ? 'New PIN' : 'Choose a PIN'}
          description="Five digits or more; it never leaves this phone"
          value={pin}
          onChange={(event) => setPin(event.currentTarget.value)}
        />
        <Button type="submit" variant={isChange ? 'default' : 'filled'} disabled={isDisabled}>
          {isChange ? 'Change the PIN' : 'Set the PIN'}
        </Button>
      </Stack>
    </form>
  );
}
