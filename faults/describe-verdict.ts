import { FAULT_NAMES } from './nemesis/run-nemesis.ts';
import type { Call } from './record.ts';
import type { Verdict } from './run-faults.ts';

const SHOWN_BREACHES = 5;

/** What a run did and whether everything held, for people. */
export function describeVerdict({ findings, breaches }: Verdict): {
  readonly lines: string[];
  /** Checks that hold, and that do not. */
  readonly passed: number;
  readonly failed: number;
} {
  const { calls, transactions, callbacks, pushes, messages, faults, diskWay, ownEndings } = findings;
  const unseen = FAULT_NAMES.filter((name) => !faults.some(({ fault }) => fault === name));
  const ends = countBy(transactions, ({ status }) => status);
  const lines = [
    `${calls.length} calls (${listed(countBy(calls, ({ outcome }: Call) => outcome))}), ${faults.length} faults`,
    `${transactions.length} transactions (${listed(ends)}), ${pushes.length} pushes, ${messages.length} SMS, ${callbacks.length} callbacks`,
    ...(faults.length > 0 && unseen.length > 0 ? [`not in this time: ${unseen.join(', ')}`] : []),
    ...(faults.some(({ fault }) => fault === 'disk full') ? [`disk full: ${diskWay}`] : []),
    ...(Object.keys(ownEndings).length > 0 ? [`ended by themselves: ${listed(ownEndings)}`] : []),
    '',
  ];
  for (const [name, found] of Object.entries(breaches)) {
    lines.push(`${found.length === 0 ? 'holds ' : 'BROKEN'}  ${name}`);
    lines.push(...found.slice(0, SHOWN_BREACHES).map((breach) => `          ${breach}`));
    if (found.length > SHOWN_BREACHES) lines.push(`          and ${found.length - SHOWN_BREACHES} more`);
  }
  const failed = Object.values(breaches).filter((found) => found.length > 0).length;
  return { lines, passed: Object.keys(breaches).length - failed, failed };
}

function countBy<Item>(items: readonly Item[], key: (item: Item) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}

function listed(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}
