import { Alert, Button, Divider, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { EnrolmentTicket } from '../../sdk/index.ts';
import { callApi } from '../kit/call-api.ts';
import css from './phone.module.css';
import { clientOf, keepPhone, newPhone, type PhoneRecord } from './phones.ts';
import { ReadCode } from './read-code.tsx';
import { sayFailure } from './say-failure.ts';

interface Equipment {
  readonly ticket: EnrolmentTicket;
  readonly pushToken: string;
}

/** Binds a new phone to a user: by one button for the demonstration, or by a ticket of a portal. */
export function EnrolScreen({ onEnrolled }: { readonly onEnrolled: (phone: PhoneRecord) => void }) {
  const [userId, setUserId] = useState('alice');
  const [ticketText, setTicketText] = useState('');
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  async function enrol(equip: () => Promise<Equipment>): Promise<void> {
    setBusy(true);
    setProblem(undefined);
    try {
      const { ticket, pushToken } = await equip();
      const phone = newPhone(ticket.userId, `${ticket.userId}'s phone`);
      await clientOf(phone.id).enrol({ ticket, pushToken, device: { name: phone.name, platform: 'android' } });
      keepPhone(phone);
      onEnrolled(phone);
    } catch (error) {
      setProblem(error instanceof SyntaxError ? 'This is not a ticket.' : sayFailure(error));
      setBusy(false);
    }
  }

  const equipDemo = (): Promise<Equipment> => callApi<Equipment>('POST', '/demo/api/phones', { userId });

  async function equipWith(text: string): Promise<Equipment> {
    const ticket = JSON.parse(text) as EnrolmentTicket;
    if (typeof ticket?.reference !== 'string' || typeof ticket.secret !== 'string') throw new SyntaxError('no ticket');
    // The push token alone is the demonstration's; its own ticket stays unused and expires.
    const { pushToken } = await callApi<Equipment>('POST', '/demo/api/phones', { userId: ticket.userId ?? userId });
    return { ticket, pushToken };
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    void enrol(equipDemo);
  }

  return (
    <div className={css.screen}>
      <Stack>
        <Title order={2} size="h3">
          A new phone
        </Title>
        <Text>It makes its keys here, in this browser, and answers for one user.</Text>
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              label="User"
              value={userId}
              onChange={(event) => setUserId(event.currentTarget.value)}
              autoComplete="off"
              required
              maxLength={100}
            />
            <Button type="submit" size="md" loading={isBusy}>
              Enrol for the demo
            </Button>
          </Stack>
        </form>
        {problem && (
          <Alert color="red" role="alert">
            {problem}
          </Alert>
        )}
        <Divider label="or with a ticket" />
        <Textarea
          label="Ticket"
          description="As the portal got it: JSON with reference and secret"
          rows={3}
          value={ticketText}
          onChange={(event) => setTicketText(event.currentTarget.value)}
        />
        <Button
          variant="default"
          disabled={ticketText === '' || isBusy}
          onClick={() => void enrol(() => equipWith(ticketText))}
        >
          Enrol with the ticket
        </Button>
        <ReadCode label="Scan a ticket" onText={(text) => void enrol(() => equipWith(text))} />
      </Stack>
    </div>
  );
}
