import type { Random } from '../random.ts';
import type { Stage } from '../stage.ts';
import type { Victim } from '../victims.ts';
import type { Fault } from './battlefield.ts';
import { fillDisk } from './fill-disk.ts';
import { moveClock } from './move-clock.ts';

const HOUR_MS = 60 * 60_000;

/** What befalls our own processes and servers; one at a time. */
export const ENGINE_FAULTS: Readonly<Record<string, Fault>> = {
  'worker killed': ({ stage, random }) => worker(stage, random).killAndStart(random.below(3_000)),
  'both workers killed': async ({ stage: { victims }, random }) => {
    const downMs = 1_000 + random.below(6_000);
    await Promise.all(victims.workers.map((victim) => victim.killAndStart(downMs)));
  },
  'api killed': ({ stage, random }) => stage.victims.api.killAndStart(random.below(2_000)),
  'worker frozen': ({ stage, random }) => worker(stage, random).freeze(10_000),
  'PostgreSQL restarted at once': ({ stage }) => stage.victims.postgres.restartBy('SIGQUIT'),
  'Temporal killed': ({ stage, random }) => stage.victims.temporal.killAndStart(random.below(2_000)),
  'disk full': fillDisk,
  'clock of a worker an hour ahead': (field) => moveClock(field, worker(field.stage, field.random), HOUR_MS),
  'clock of a worker an hour behind': (field) => moveClock(field, worker(field.stage, field.random), -HOUR_MS),
  'clock of the api an hour ahead': (field) => moveClock(field, field.stage.victims.api, HOUR_MS),
  'clock of the api an hour behind': (field) => moveClock(field, field.stage.victims.api, -HOUR_MS),
};

function worker({ victims }: Stage, random: Random): Victim {
  return victims.workers[random.below(2)] ?? victims.workers[0];
}
