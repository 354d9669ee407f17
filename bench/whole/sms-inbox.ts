const DEADLINE_MS = 30_000;
const WAIT_SECONDS = 20;

interface Message {
  readonly sequence: number;
  readonly body: string;
}

/** What the phones of the bench got by SMS. */
export interface SmsInbox {
  /** The code in the next message to this number that was not asked for before. Throws when none comes. */
  nextCodeAt(phoneNumber: string): Promise<string>;
}

/** Reads the messages of the simulated gateway at this address. */
export function createSmsInbox(gatewayUrl: string): SmsInbox {
  /** By number: the message that was read last. */
  const read = new Map<string, number>();
  return {
    async nextCodeAt(phoneNumber) {
      const after = String(read.get(phoneNumber) ?? 0);
      const query = new URLSearchParams({ to: phoneNumber, after, waitSeconds: String(WAIT_SECONDS) });
      const response = await fetch(`${gatewayUrl}/simulator/messages?${query}`, {
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      const { messages } = (await response.json()) as { messages: readonly Message[] };
      const message = messages.at(0);
      const code = /\b\d{6}\b/.exec(message?.body ?? '')?.[0];
      if (message === undefined || code === undefined)
        throw new Error(`no code came to a phone within ${WAIT_SECONDS} s`);
      read.set(phoneNumber, message.sequence);
      return code;
    },
  };
}
