import { setTimeout as pause } from 'node:timers/promises';
import { DEMO } from '../../dev/demo-data.ts';
import { createDeviceClient, createMemoryStore, type DeviceClient, type Platform } from '../../sdk/index.ts';
import type { Providers } from '../providers.ts';
import type { Stage } from '../stage.ts';

/** Nothing simple, and never what a wrong one is. */
export const PIN = '48151';

const REQUEST_TIMEOUT_MS = 20_000;
const RETRY_MS = 1_000;
/** One answer takes a fraction of a second to be made. */
const DEPARTURE_MS = 10_000;

/** A user's phone, whose replies may be lost on their way. */
export interface Phone {
  readonly userId: string;
  readonly deviceId: string;
  readonly enrolmentId: string;
  readonly platform: Platform;
  readonly client: DeviceClient;
  readonly pushToken: string;
  /** The reply to the next answer does not arrive; the phone sends the same bytes again. */
  loseNextReply(): void;
  /** The next so many answers leave together, at the moment when the last of them is ready. */
  answerTogether(count: number): void;
}

/** Enrols a phone with a PIN; tries until it works, as a user would come back. */
export async function enrolPhone(
  stage: Stage,
  userId: string,
  platform: Platform,
  signal: AbortSignal,
): Promise<Phone> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await enrolOnce(stage, userId, platform);
    } catch {
      // The stage is under attack; what matters is that it works in the end, which the run's own limit watches.
      await pause(RETRY_MS, undefined, { signal });
    }
  }
}

async function enrolOnce({ portal, apiUrl, providers }: Stage, userId: string, platform: Platform): Promise<Phone> {
  let isReplyLost = false;
  let departure: Departure | undefined;
  const client = createDeviceClient({
    serverUrl: apiUrl,
    store: createMemoryStore(),
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    async fetch(input, init) {
      const isAnswer = String(input).endsWith('/answer');
      if (isAnswer) await departure?.join();
      const response = await fetch(input, init);
      if (!isReplyLost || !isAnswer) return response;
      isReplyLost = false;
      await response.arrayBuffer();
      throw new TypeError('the reply was lost');
    },
  });
  const pushToken = await tokenFor(platform, providers);
  const { deviceId, enrolmentId } = await client.enrol({
    ticket: await portal.makeTicket(userId, DEMO.applicationId),
    device: { name: `Phone of ${userId}`, platform },
    pushToken,
  });
  await client.setPin(PIN);
  return {
    userId,
    deviceId,
    enrolmentId,
    platform,
    client,
    pushToken,
    loseNextReply() {
      isReplyLost = true;
    },
    answerTogether(count) {
      departure = departOf(count);
    },
  };
}

interface Departure {
  /** Resolves when everybody is there, or the last one does not come. */
  join(): Promise<void>;
}

/** A phone works on one answer after the other; what tells of races is answers that arrive together. */
function departOf(count: number): Departure {
  const { promise, resolve } = Promise.withResolvers<void>();
  let missing = count;
  return {
    join() {
      missing -= 1;
      if (missing <= 0) resolve();
      return Promise.race([promise, pause(DEPARTURE_MS)]);
    },
  };
}

/** As the operating system of a phone gets it. */
async function tokenFor(platform: Platform, { fcm, apns }: Providers): Promise<string> {
  const { url } = platform === 'ios' ? apns : fcm;
  const minted = await fetch(`${url}/simulator/registrations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(platform === 'ios' ? { topic: DEMO.applicationId } : {}),
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  return ((await minted.json()) as { token: string }).token;
}
