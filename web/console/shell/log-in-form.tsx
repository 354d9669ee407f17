import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { callConsole } from '../call-console.ts';
import { sayRefusal } from '../say-refusal.ts';
import type { Session } from '../session.ts';

/** Name and password of the local account. */
export function LogInForm({ onBegin }: { readonly onBegin: (session: Session) => void }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const logIn = useMutation({
    mutationFn: async () =>
      (await callConsole<Session>('POST', '/console/api/login', { body: { name, password } })).body,
    onSuccess: onBegin,
    onError: () => setPassword(''),
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    logIn.mutate();
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        {logIn.error && (
          <Alert color="red" role="alert">
            {sayRefusal(logIn.error)}
          </Alert>
        )}
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="username"
          autoFocus
          required
          maxLength={255}
        />
        <PasswordInput
          label="Password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          required
          maxLength={255}
        />
        <Button type="submit" loading={logIn.isPending}>
          Log in
        </Button>
      </Stack>
    </form>
  );
}
