import { Radio, Stack, TextInput } from '@mantine/core';
import { METHODS, type Method } from './question.ts';

export interface ChooseMethodProps {
  readonly method: Method;
  readonly onMethod: (method: Method) => void;
  readonly phoneNumber: string;
  readonly onPhoneNumber: (phoneNumber: string) => void;
}

/** How the customer wants to be asked. */
export function ChooseMethod({ method, onMethod, phoneNumber, onPhoneNumber }: ChooseMethodProps) {
  return (
    <Stack>
      <Radio.Group label="How shall we ask you?" value={method} onChange={(value) => onMethod(value as Method)}>
        <Stack gap="xs" mt="xs">
          {METHODS.map(({ value, label, about }) => (
            <Radio key={value} value={value} label={label} description={about} />
          ))}
        </Stack>
      </Radio.Group>
      {method === 'sms' && (
        <TextInput
          label="Your number"
          value={phoneNumber}
          onChange={(event) => onPhoneNumber(event.currentTarget.value)}
          inputMode="tel"
          autoComplete="tel"
          required
        />
      )}
    </Stack>
  );
}
