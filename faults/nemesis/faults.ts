import type { CallbackPortal } from '../callback-portal.ts';
import type { Random } from '../random.ts';
import type { Stage } from '../stage.ts';

/** What a fault may lay hands on. */
export interface Battlefield {
  readonly stage: Stage;
  readonly callbacks: CallbackPortal;
  readonly random: Random;
  wait(ms: number): Promise<void>;
}

const HOUR_MS = 60 * 60_000;
const SHIFT_CLOCK = new URL('shift-clock.ts', import.meta.url).href;

/** Each does its harm, and resolves when the harm is undone. */
export const FAULTS: Readonly<Record<string, (field: Battlefield) => Promise<void>>> = {
  'worker killed': ({ stage, random }) => worker(stage, random).killAndStart(random.below(3_000)),
  'both workers killed': async ({ stage: { victims }, random }) => {
    const downMs = 1_000 + random.below(6_000);
    await Promise.all(victims.workers.map((victim) => victim.killAndStart(downMs)));
  },
  'api killed': ({ stage, random }) => stage.victims.api.killAndStart(random.below(2_000)),
  'worker frozen': ({ stage, random }) => worker(stage, random).freeze(10_000),
  'PostgreSQL restarted at once': ({ stage }) => stage.victims.postgres.restartBy('SIGQUIT'),
  'Temporal killed': ({ stage, random }) => stage.victims.temporal.killAndStart(random.below(2_000)),
  'push provider hangs': (field) => provider(field, { reply: 'hang' }),
  'push provider drops connections': (field) => provider(field, { reply: 'drop' }),
  'push provider is slow': (field) => provider(field, { reply: 'accept', delayMs: 2_000 }),
  'push provider is unavailable': (field) => provider(field, { reply: 'UNAVAILABLE' }),
  'portal refuses callbacks': (field) => portal(field, 'refusing'),
  'portal hangs': (field) => portal(field, 'hanging'),
  'portal is slow': (field) => portal(field, 'slow'),
  'clock of a worker an hour ahead': (field) => clock(field, 'worker', HOUR_MS),
  'clock of a worker an hour behind': (field) => clock(field, 'worker', -HOUR_MS),
  'clock of the api an hour ahead': (field) => clock(field, 'api', HOUR_MS),
};

function worker({ victims }: Stage, random: Random) {
  return victims.workers[random.below(2)] ?? victims.workers[0];
}

async function provider({ stage, random, wait }: Battlefield, behaviour: object): Promise<void> {
  const address = `${stage.fcmUrl}/simulator/behaviour`;
  const headers = { 'content-type': 'application/json' };
  await fetch(address, { method: 'PUT', headers, body: JSON.stringify(behaviour), signal: AbortSignal.timeout(5_000) });
  try {
    await wait(2_000 + random.below(4_000));
  } finally {
    await fetch(address, { method: 'DELETE', signal: AbortSignal.timeout(5_000) });
  }
}

async function portal({ callbacks, random, wait }: Battlefield, mood: CallbackPortal['mood']): Promise<void> {
  callbacks.mood = mood;
  try {
    await wait(3_000 + random.below(5_000));
  } finally {
    callbacks.mood = 'well';
  }
}

async function clock({ stage, random, wait }: Battlefield, whose: 'worker' | 'api', byMs: number): Promise<void> {
  const victim = whose === 'api' ? stage.victims.api : worker(stage, random);
  await victim.restartWith({ NODE_OPTIONS: `--import ${SHIFT_CLOCK}`, SHIFT_CLOCK_MS: String(byMs) });
  try {
    await wait(6_000);
  } finally {
    await victim.restartWith({});
  }
}
