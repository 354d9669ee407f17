import { setTimeout as pause } from 'node:timers/promises';
import { DEMO } from '../../dev/demo-data.ts';
import { createDeviceClient, createMemoryStore, type DeviceClient } from '../../sdk/index.ts';
import type { Stage } from '../stage.ts';

/** Nothing simple, and never what a wrong one is. */
export const PIN = '48151';

const REQUEST_TIMEOUT_MS = 10_000;
const RETRY_MS = 1_000;

/** A user's phone, whose replies may be lost on their way. */
export interface Phone {
  readonly userId: string;
  readonly deviceId: string;
  readonly enrolmentId: string;
  readonly client: DeviceClient;
  readonly pushToken: string;
  /** The reply to the next answer does not arrive; the phone sends the same bytes again. */
  loseNextReply(): void;
}

/** Enrols a phone with a PIN; tries until it works, as a user would come back. */
export async function enrolPhone(stage: Stage, userId: string, signal: AbortSignal): Promise<Phone> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await enrolOnce(stage, userId);
    } catch {
      // The stage is under attack; what matters is that it works in the end, which the run's own limit watches.
      await pause(RETRY_MS, undefined, { signal });
    }
  }
}

async function enrolOnce({ portal, apiUrl, fcmUrl }: Stage, userId: string): Promise<Phone> {
  let isReplyLost = false;
  const client = createDeviceClient({
    serverUrl: apiUrl,
    store: createMemoryStore(),
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    async fetch(input, init) {
      const response = await fetch(input, init);
      if (!isReplyLost || !String(input).endsWith('/answer')) return response;
      isReplyLost = false;
      await response.arrayBuffer();
      throw new TypeError('the reply was lost');
    },
  });
  const minted = await fetch(`${fcmUrl}/simulator/registrations`, {
    method: 'POST',
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  const { token: pushToken } = (await minted.json()) as { token: string };
  const { deviceId, enrolmentId } = await client.enrol({
    ticket: await portal.makeTicket(userId, DEMO.applicationId),
    device: { name: `Phone of ${userId}`, platform: 'android' },
    pushToken,
  });
  await client.setPin(PIN);
  return {
    userId,
    deviceId,
    enrolmentId,
    client,
    pushToken,
    loseNextReply() {
      isReplyLost = true;
    },
  };
}
