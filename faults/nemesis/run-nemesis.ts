import type { Recorder } from '../record.ts';
import { type Battlefield, FAULTS } from './faults.ts';

const PAUSE_MS = 1_500;

/**
 * One fault after the other, each undone and recovered from before the next, in an order that the seed decides; every
 * fault comes before one comes twice.
 */
export async function runNemesis(
  field: Battlefield,
  recorder: Recorder,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let due: string[] = [];
  while (!signal.aborted) {
    if (due.length === 0) due = shuffled(Object.keys(FAULTS), field);
    const fault = due.pop() as string;
    const fromMs = Date.now();
    try {
      await FAULTS[fault]?.(field);
      await field.stage.untilReady();
    } catch (error) {
      // The end of the run interrupts a fault; what it did is undone all the same.
      if (!signal.aborted) throw error;
    } finally {
      recorder.addFault({ fault, fromMs, toMs: Date.now() });
    }
    say(`${fault}: ${((Date.now() - fromMs) / 1_000).toFixed(1)} s`);
    await field.wait(PAUSE_MS + field.random.below(PAUSE_MS)).catch(() => {});
  }
}

function shuffled(names: readonly string[], { random }: Battlefield): string[] {
  return names
    .map((name) => ({ name, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ name }) => name);
}
