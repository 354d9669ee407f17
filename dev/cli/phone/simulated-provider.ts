import type { DemoFile } from '../../data-folder.ts';
import { httpCall } from '../http-call.ts';

const TIMEOUT_MS = 10_000;
/** How long one poll is held open. */
const WAIT_SECONDS = 20;

/** A push as it came to the phone. */
export interface ReceivedPush {
  /** Grows with each push. */
  readonly sequence: number;
  /** What the operating system gives to the app: the data of FCM, the `userInfo` of APNs. */
  readonly data: unknown;
}

/** The simulated push service of one platform, as a phone's operating system uses it. */
export interface SimulatedProvider {
  /** Registers the app and returns its push token. */
  register(): Promise<string>;
  /** Pushes to this token after a sequence number, oldest first; waits up to 20 s for one where `wait` says so. */
  receive(token: string, after: number, how: { readonly wait: boolean }): Promise<readonly ReceivedPush[]>;
}

/** FCM for Android, APNs for iOS. */
export function providerFor(platform: 'android' | 'ios', demo: DemoFile): SimulatedProvider {
  return platform === 'ios'
    ? createProvider(demo.apns, { topic: demo.application }, 'payload')
    : createProvider(demo.fcm, undefined, 'data');
}

function createProvider(url: string, registration: object | undefined, dataField: string): SimulatedProvider {
  return {
    async register() {
      const reply = await httpCall(`${url}/simulator/registrations`, {
        method: 'POST',
        timeoutMs: TIMEOUT_MS,
        ...(registration && { body: JSON.stringify(registration) }),
      });
      return (reply as { token: string }).token;
    },
    async receive(token, after, { wait }) {
      const waitSeconds = wait ? WAIT_SECONDS : 0;
      const query = new URLSearchParams({ token, after: String(after), waitSeconds: String(waitSeconds) });
      const reply = await httpCall(`${url}/simulator/pushes?${query}`, {
        method: 'GET',
        timeoutMs: waitSeconds * 1000 + TIMEOUT_MS,
      });
      const { pushes } = reply as { pushes: readonly { sequence: number; message: Record<string, unknown> }[] };
      return pushes.map(({ sequence, message }) => ({ sequence, data: message[dataField] }));
    },
  };
}
