import { Button, Group, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { Screen } from '../shell/screen.tsx';
import { userPath } from './user-path.ts';

/** Finds a user by what portals call them. */
export function FindUser() {
  const [, navigate] = useLocation();
  const [userId, setUserId] = useState('');

  function submit(event: FormEvent): void {
    event.preventDefault();
    navigate(userPath(userId.trim()));
  }

  return (
    <Screen title="Users and devices">
      <form onSubmit={submit}>
        <Group align="flex-end">
          <TextInput
            label="User id"
            value={userId}
            onChange={(event) => setUserId(event.currentTarget.value)}
            required
            spellCheck={false}
            autoComplete="off"
            flex={1}
            maw={400}
          />
          <Button type="submit" disabled={userId.trim() === ''}>
            Find
          </Button>
        </Group>
      </form>
      <Text size="sm" c="dimmed">
        As portals name them. What a user has on their devices, and what happened to them, is shown then.
      </Text>
    </Screen>
  );
}
