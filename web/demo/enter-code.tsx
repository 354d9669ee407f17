import { Button, Group, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';

/** The code that came by SMS. */
export function EnterCode({ onCode }: { readonly onCode: (code: string) => Promise<boolean> }) {
  const [code, setCode] = useState('');
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    if (!(await onCode(code))) setCode('');
    setBusy(false);
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Group align="flex-end">
        <TextInput
          label="Code from the SMS"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value.replace(/\D/g, '').slice(0, 10))}
          inputMode="numeric"
          autoComplete="one-time-code"
          required
        />
        <Button type="submit" loading={isBusy} disabled={code.length < 4}>
          Check the code
        </Button>
      </Group>
    </form>
  );
}
