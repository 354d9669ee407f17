const WAIT_SECONDS = 4;
const DIGITS = 6;

/** The code of the newest message to this number; undefined where none comes, or the gateway does not answer. */
export async function codeSentTo(twilioUrl: string, phoneNumber: string): Promise<string | undefined> {
  const query = new URLSearchParams({ to: phoneNumber, waitSeconds: String(WAIT_SECONDS) });
  try {
    const response = await fetch(`${twilioUrl}/simulator/messages?${query}`, {
      signal: AbortSignal.timeout((WAIT_SECONDS + 6) * 1_000),
    });
    const { messages } = (await response.json()) as { messages: readonly { readonly body: string }[] };
    return messages.at(-1)?.body.match(new RegExp(`\\b\\d{${DIGITS}}\\b`))?.[0];
  } catch {
    return undefined; // the gateway is frozen, which is one of the faults
  }
}

/** Another code than this; another one for each `count`. */
export function wrongCodeFor(code: string, count: number): string {
  return String((Number(code) + 1 + count) % 10 ** DIGITS).padStart(DIGITS, '0');
}
