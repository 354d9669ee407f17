import type { Call } from './record.ts';
import type { Verdict } from './run-faults.ts';

const SHOWN_BREACHES = 5;

/** What a run did and whether everything held, for people. */
export function describeVerdict({ findings, breaches }: Verdict): {
  readonly lines: string[];
  readonly isSound: boolean;
} {
  const { calls, transactions, callbacks, pushes, faults } = findings;
  const ends = countBy(transactions, ({ status }) => status);
  const lines = [
    `${calls.length} calls (${listed(countBy(calls, ({ outcome }: Call) => outcome))}), ${faults.length} faults`,
    `${transactions.length} transactions (${listed(ends)}), ${pushes.length} pushes, ${callbacks.length} callbacks`,
    '',
  ];
  let isSound = true;
  for (const [name, found] of Object.entries(breaches)) {
    lines.push(`${found.length === 0 ? 'holds ' : 'BROKEN'}  ${name}`);
    lines.push(...found.slice(0, SHOWN_BREACHES).map((breach) => `          ${breach}`));
    if (found.length > SHOWN_BREACHES) lines.push(`          and ${found.length - SHOWN_BREACHES} more`);
    isSound &&= found.length === 0;
  }
  return { lines, isSound };
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
