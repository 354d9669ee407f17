import type { SizeModel, Visit } from './simulate.ts';

/** What one transaction needs, as it was measured. */
export interface Demands {
  /** Processor time in ms, by component, in the names of the bench. */
  readonly processorMs: Readonly<Record<string, number>>;
  /** How long a transaction takes when nothing else is there. */
  readonly idleMs: number;
}

/** Where the components run. */
export type Layout =
  /** All on one machine, phones and portals too, as in the bench. */
  | {
      readonly kind: 'shared';
      readonly processors: number;
      /** How many of them were really ours, where others use the machine too. */
      readonly ours?: number;
    }
  /** Each on processors of its own; components that are not named are somebody else's. */
  | { readonly kind: 'apart'; readonly processors: Readonly<Record<string, number>> };

/** Name of the only station of a shared machine. */
export const MACHINE = 'machine';

/** Begin, fetch, answer and result: each goes through the components once. */
const ROUNDS = 4;

/**
 * How transactions go through the components. The time that one takes when it is alone tells how much of the processor time
 * it waits for, and how much happens beside it.
 */
export function modelOf({ processorMs, idleMs }: Demands, layout: Layout): SizeModel {
  const demands = Object.entries(processorMs).filter(([, ms]) => ms > 0);
  // Beside others each ms of processor time takes longer.
  const slowdown = layout.kind === 'shared' ? layout.processors / (layout.ours ?? layout.processors) : 1;
  const sumMs = demands.reduce((sum, [, ms]) => sum + ms * slowdown, 0);
  const onPath = Math.min(1, idleMs / sumMs);
  const round = demands.map(([name, ms]): Visit => {
    const partMs = (ms * slowdown) / ROUNDS;
    const station = layout.kind === 'shared' ? MACHINE : name;
    return { station, meanMs: partMs * onPath, meanBesideMs: partMs * (1 - onPath) };
  });
  return {
    processors: layout.kind === 'shared' ? { [MACHINE]: layout.processors } : layout.processors,
    visits: Array.from({ length: ROUNDS }, () => round).flat(),
    delayMs: Math.max(0, idleMs - sumMs),
  };
}

/** Share of each station's processors that a rate asks for; from 1 on it falls behind. */
export function offeredLoad({ processors, visits }: SizeModel, perSecond: number): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(processors).map(([name, count]) => {
      const own = visits.filter(({ station }) => station === name);
      const ms = own.reduce((sum, { meanMs, meanBesideMs }) => sum + meanMs + meanBesideMs, 0);
      return [name, (ms * perSecond) / 1_000 / count];
    }),
  );
}

/** The station that is full first, and the rate at which it uses this share of its processors. */
export function bottleneckOf(model: SizeModel, share: number): { readonly name: string; readonly perSecond: number } {
  const [first] = Object.entries(offeredLoad(model, 1)).sort(([, a], [, b]) => b - a);
  if (!first || first[1] === 0) throw new RangeError('no component has processors and something to do');
  return { name: first[0], perSecond: share / first[1] };
}
