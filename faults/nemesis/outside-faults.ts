import type { CallbackMood } from '../callback-portal.ts';
import type { Provider, Providers } from '../providers.ts';
import type { Battlefield, Fault } from './battlefield.ts';
import { fillConnections } from './fill-connections.ts';

/** How each of them says that it is not well. */
const UNAVAILABLE = { fcm: 'UNAVAILABLE', apns: 'ServiceUnavailable', twilio: '20500' } as const;

const NAMES = { fcm: 'FCM', apns: 'APNs', twilio: 'SMS gateway' } as const;

/** What befalls push providers, SMS gateway and portal; beside what befalls our own processes. */
export const OUTSIDE_FAULTS: Readonly<Record<string, Fault>> = {
  ...faultsOf('fcm'),
  ...faultsOf('apns'),
  ...faultsOf('twilio'),
  'portal refuses callbacks': (field) => portal(field, 'refusing'),
  'portal drops connections': (field) => portal(field, 'dropping'),
  'portal hangs': (field) => portal(field, 'hanging'),
  'portal is slow': (field) => portal(field, 'slow'),
};

function faultsOf(key: keyof Providers): Record<string, Fault> {
  const name = NAMES[key];
  const fault = (behaviour: object) => (field: Battlefield) => behave(field, field.stage.providers[key], behaviour);
  return {
    [`${name} hangs`]: fault({ reply: 'hang' }),
    [`${name} drops connections`]: fault({ reply: 'drop' }),
    [`${name} is slow`]: fault({ reply: 'accept', delayMs: 2_000 }),
    [`${name} is unavailable`]: fault({ reply: UNAVAILABLE[key] }),
    [`connections to ${key === 'twilio' ? 'the ' : ''}${name} full`]: ({ stage }) =>
      fillConnections(stage.providers[key]),
  };
}

async function behave({ random, wait }: Battlefield, { url }: Provider, behaviour: object): Promise<void> {
  const address = `${url}/simulator/behaviour`;
  const headers = { 'content-type': 'application/json' };
  const set = await fetch(address, { method: 'PUT', headers, body: JSON.stringify(behaviour), signal: soon() });
  if (!set.ok) throw new Error(`the simulated service does not know ${JSON.stringify(behaviour)}`);
  try {
    await wait(2_000 + random.below(2_000));
  } finally {
    await fetch(address, { method: 'DELETE', signal: soon() });
  }
}

function soon(): AbortSignal {
  return AbortSignal.timeout(20_000);
}

async function portal({ callbacks, random, wait }: Battlefield, mood: CallbackMood): Promise<void> {
  callbacks.mood = mood;
  try {
    await wait(2_000 + random.below(2_000));
  } finally {
    callbacks.mood = 'well';
  }
}
