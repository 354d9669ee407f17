import type { CallbackMood } from '../callback-portal.ts';
import type { Battlefield, Fault } from './battlefield.ts';
import { fillConnections } from './fill-connections.ts';

type Provider = 'fcm' | 'twilio';

/** What befalls push provider, SMS gateway and portal; beside what befalls our own processes. */
export const OUTSIDE_FAULTS: Readonly<Record<string, Fault>> = {
  'push provider hangs': (field) => behave(field, 'fcm', { reply: 'hang' }),
  'push provider drops connections': (field) => behave(field, 'fcm', { reply: 'drop' }),
  'push provider is slow': (field) => behave(field, 'fcm', { reply: 'accept', delayMs: 2_000 }),
  'push provider is unavailable': (field) => behave(field, 'fcm', { reply: 'UNAVAILABLE' }),
  'connections to the push provider full': (field) => fillConnections(field, 'fcm'),
  'SMS gateway hangs': (field) => behave(field, 'twilio', { reply: 'hang' }),
  'SMS gateway drops connections': (field) => behave(field, 'twilio', { reply: 'drop' }),
  'SMS gateway is slow': (field) => behave(field, 'twilio', { reply: 'accept', delayMs: 2_000 }),
  'SMS gateway is unavailable': (field) => behave(field, 'twilio', { reply: '20500' }),
  'connections to the SMS gateway full': (field) => fillConnections(field, 'twilio'),
  'portal refuses callbacks': (field) => portal(field, 'refusing'),
  'portal drops connections': (field) => portal(field, 'dropping'),
  'portal hangs': (field) => portal(field, 'hanging'),
  'portal is slow': (field) => portal(field, 'slow'),
};

async function behave({ stage, random, wait }: Battlefield, who: Provider, behaviour: object): Promise<void> {
  const address = `${who === 'fcm' ? stage.fcmUrl : stage.twilioUrl}/simulator/behaviour`;
  const headers = { 'content-type': 'application/json' };
  const set = await fetch(address, { method: 'PUT', headers, body: JSON.stringify(behaviour), signal: soon() });
  if (!set.ok) throw new Error(`the simulated ${who} does not know ${JSON.stringify(behaviour)}`);
  try {
    await wait(2_000 + random.below(3_000));
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
    await wait(2_000 + random.below(4_000));
  } finally {
    callbacks.mood = 'well';
  }
}
