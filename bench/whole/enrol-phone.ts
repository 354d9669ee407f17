import type { PortalApi } from '../../dev/cli/portal-api.ts';
import { DEMO } from '../../dev/demo-data.ts';
import { createDeviceClient, type DeviceClient, type DeviceState, type DeviceStore } from '../../sdk/index.ts';
import { createTimedFetch, type TimedFetch } from './timed-fetch.ts';

/** Of every phone of the bench that has one. */
export const PHONE_PIN = '48151';

export interface Phone {
  readonly userId: string;
  /** E.164; no other phone has it. */
  readonly phoneNumber: string;
  readonly deviceId: string;
  readonly client: DeviceClient;
  /** Of everything this phone sends. */
  readonly stopwatch: TimedFetch;
}

export interface EnrolPhoneOptions {
  readonly apiUrl: string;
  readonly portal: PortalApi;
  /** Address of the simulated push service. */
  readonly fcmUrl: string;
  /** From 1; names the user and makes the phone number. */
  readonly number: number;
  /** Whether it gets a PIN and a biometric key, which takes time. */
  readonly withProofs: boolean;
}

const PUSH_TOKEN_DEADLINE_MS = 10_000;

/** Makes a phone and enrols it with a ticket from the portal, as a user would. */
export async function enrolPhone(options: EnrolPhoneOptions): Promise<Phone> {
  const { apiUrl, portal, fcmUrl, number, withProofs } = options;
  const userId = `user-${number}`;
  const stopwatch = createTimedFetch();
  const client = createDeviceClient({ serverUrl: apiUrl, store: createObjectStore(), fetch: stopwatch.fetch });
  const ticket = await portal.makeTicket(userId, DEMO.applicationId);
  const pushToken = await mintPushToken(fcmUrl);
  const device = { name: `Phone of ${userId}`, platform: 'android' } as const;
  const { deviceId } = await client.enrol({ ticket, device, pushToken });
  if (withProofs) {
    await client.setPin(PHONE_PIN);
    await client.registerBiometric();
  }
  stopwatch.takeExchange();
  const phoneNumber = `+3161${String(number).padStart(7, '0')}`;
  return { userId, phoneNumber, deviceId, client, stopwatch };
}

async function mintPushToken(fcmUrl: string): Promise<string> {
  const response = await fetch(`${fcmUrl}/simulator/registrations`, {
    method: 'POST',
    signal: AbortSignal.timeout(PUSH_TOKEN_DEADLINE_MS),
  });
  const { token } = (await response.json()) as { token: string };
  return token;
}

/** Keeps the state as it is: a phone here answers thousands of times, and writing all it remembers as text would be measured too. */
function createObjectStore(): DeviceStore {
  let kept: DeviceState | undefined;
  return {
    load: async () => kept,
    save: async (state) => {
      kept = state;
    },
  };
}
