import type { FaultWindow } from '../record.ts';

/** What takes a message from being sent to being there, when nothing is broken. */
const UNDER_WAY_MS = 5_000;

/**
 * Whether what arrived then may have been sent before the end: a moment before, or before a fault that held up whoever
 * sent it, or whoever took it.
 */
export function wasUnderWay(atMs: number, endedAtMs: number | null, faults: readonly FaultWindow[]): boolean {
  if (endedAtMs === null || atMs <= endedAtMs + UNDER_WAY_MS) return true;
  return faults.some(({ fromMs, toMs }) => fromMs <= endedAtMs + UNDER_WAY_MS && toMs + UNDER_WAY_MS >= atMs);
}
