import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import css from './phone.module.css';

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
const MAX_DIGITS = 32;

export interface DigitPadProps {
  readonly label: string;
  /** The digits are not shown. */
  readonly isSecret?: boolean;
  readonly action: string;
  readonly isBusy: boolean;
  readonly onDigits: (digits: string) => void;
}

/** Digits by touch or by keyboard; gone from the screen once they are sent. */
export function DigitPad({ label, isSecret = false, action, isBusy, onDigits }: DigitPadProps) {
  const [digits, setDigits] = useState('');
  const Input = isSecret ? PasswordInput : TextInput;

  function submit(event: FormEvent): void {
    event.preventDefault();
    onDigits(digits);
    setDigits('');
  }

  const add = (digit: string): void => setDigits((before) => (before + digit).slice(0, MAX_DIGITS));
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Input
          label={label}
          value={digits}
          onChange={(event) => setDigits(event.currentTarget.value.replace(/\D/g, '').slice(0, MAX_DIGITS))}
          inputMode="numeric"
          autoComplete="off"
          disabled={isBusy}
          size="md"
        />
        <div className={css.pad}>
          {DIGITS.map((digit) => (
            <Button key={digit} variant="default" size="md" disabled={isBusy} onClick={() => add(digit)}>
              {digit}
            </Button>
          ))}
          <Button variant="default" size="md" disabled={isBusy || digits === ''} onClick={() => setDigits('')}>
            Clear
          </Button>
          <Button variant="default" size="md" disabled={isBusy} onClick={() => add('0')}>
            0
          </Button>
          <Button
            variant="default"
            size="md"
            aria-label="Delete the last digit"
            disabled={isBusy || digits === ''}
            onClick={() => setDigits(digits.slice(0, -1))}
          >
            ⌫
          </Button>
        </div>
        <Button type="submit" size="md" loading={isBusy} disabled={digits === ''}>
          {action}
        </Button>
      </Stack>
    </form>
  );
}
