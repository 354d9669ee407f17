import { httpCall } from '../http-call.ts';

const TIMEOUT_MS = 10_000;
/** How long one poll is held open. */
const WAIT_SECONDS = 20;

/** A push as the simulated provider took it. */
export interface ReceivedPush {
  /** Grows with each push. */
  readonly sequence: number;
  /** RFC 3339. */
  readonly receivedAt: string;
  readonly message: { readonly data?: Readonly<Record<string, string>> };
}

/** Registers an app with the simulated provider, as a phone's operating system does; returns its push token. */
export async function registerForPushes(fcmUrl: string): Promise<string> {
  const reply = await httpCall(`${fcmUrl}/simulator/registrations`, { method: 'POST', timeoutMs: TIMEOUT_MS });
  return (reply as { token: string }).token;
}

/** Pushes to this token after a sequence number, oldest first; waits up to 20 s for one where `wait` says so. */
export async function receivePushes(
  fcmUrl: string,
  token: string,
  after: number,
  { wait }: { readonly wait: boolean },
): Promise<readonly ReceivedPush[]> {
  const waitSeconds = wait ? WAIT_SECONDS : 0;
  const query = new URLSearchParams({ token, after: String(after), waitSeconds: String(waitSeconds) });
  const reply = await httpCall(`${fcmUrl}/simulator/pushes?${query}`, {
    method: 'GET',
    timeoutMs: waitSeconds * 1000 + TIMEOUT_MS,
  });
  return (reply as { pushes: readonly ReceivedPush[] }).pushes;
}
