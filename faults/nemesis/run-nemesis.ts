import type { Recorder } from '../record.ts';
import type { Battlefield, Fault } from './battlefield.ts';
import { ENGINE_FAULTS } from './engine-faults.ts';
import { OUTSIDE_FAULTS } from './outside-faults.ts';

/** Kinds of faults: one of each at a time, whatever the other does. */
const KINDS = [
  { name: 'engine', faults: ENGINE_FAULTS, pauseMs: 1_500, delaysEnds: true },
  { name: 'outside', faults: OUTSIDE_FAULTS, pauseMs: 2_000, delaysEnds: false },
] as const;

/** Everything that a run may do. */
export const FAULT_NAMES: readonly string[] = KINDS.flatMap(({ faults }) => Object.keys(faults));

/**
 * One fault of each kind after the other, each undone and recovered from before the next, in an order that the seed
 * decides; every one comes before one comes twice.
 */
export async function runNemesis(
  field: Battlefield,
  recorder: Recorder,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    KINDS.map((kind) => runKind({ ...field, random: field.random.fork(kind.name) }, kind, recorder, say, signal)),
  );
}

async function runKind(
  field: Battlefield,
  { faults, pauseMs, delaysEnds }: (typeof KINDS)[number],
  recorder: Recorder,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const all: Readonly<Record<string, Fault>> = faults;
  let due: string[] = [];
  while (!signal.aborted) {
    if (due.length === 0) due = shuffled(Object.keys(all), field);
    const fault = due.pop() as string;
    const fromMs = Date.now();
    try {
      await all[fault]?.(field);
    } catch (error) {
      // The end of the run interrupts a fault; what it did is undone all the same.
      if (!signal.aborted) throw error;
    } finally {
      if (delaysEnds) await field.stage.recover();
      recorder.addFault({ fault, delaysEnds, fromMs, toMs: Date.now() });
    }
    say(`${fault}: ${((Date.now() - fromMs) / 1_000).toFixed(1)} s`);
    await field.wait(pauseMs + field.random.below(pauseMs)).catch(() => {});
  }
}

function shuffled(names: readonly string[], { random }: Battlefield): string[] {
  return names
    .map((name) => ({ name, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ name }) => name);
}
