import { describeFindings } from './describe-findings.ts';
import { describeGrowth } from './growth/describe-growth.ts';
import { runGrowth } from './growth/run-growth.ts';
import { describeMethods } from './methods/describe-methods.ts';
import { runMethods } from './methods/run-methods.ts';
import { describeOpen } from './open/describe-open.ts';
import { runOpen } from './open/run-open.ts';
import type { BenchOptions } from './options.ts';
import { runBench } from './run-bench.ts';
import type { Place } from './start-servers.ts';
import { headlineOf } from './summarise.ts';
import { describeWaiting } from './waiting/describe-waiting.ts';
import { runWaiting } from './waiting/run-waiting.ts';
import { withoutRuns } from './without-runs.ts';

/** What a run has found out: lines for people, and everything for a file. */
export interface Outcome {
  readonly lines: readonly string[];
  readonly numbers: object;
}

/** Measures what the options ask for; `say` hears how far it is. */
export async function runMode(options: BenchOptions, place: Place, say: (line: string) => void): Promise<Outcome> {
  switch (options.mode) {
    case 'closed-loop': {
      const findings = await runBench(options, place, say);
      const { concurrency, ratio } = headlineOf(findings.summaries);
      const numbers = { ...findings, rounds: withoutRuns(findings.rounds), ratio: { concurrency, value: ratio } };
      return { lines: describeFindings(findings), numbers };
    }
    case 'methods': {
      const findings = await runMethods(options, place, say);
      return { lines: describeMethods(options, findings), numbers: findings };
    }
    case 'open-loop': {
      const findings = await runOpen(options, place, say);
      return { lines: describeOpen(options, findings), numbers: findings };
    }
    case 'waiting': {
      const findings = await runWaiting(options, place, say);
      return { lines: describeWaiting(findings), numbers: findings };
    }
    case 'growth': {
      const findings = await runGrowth(options, place, say);
      return { lines: describeGrowth(options, findings), numbers: findings };
    }
  }
}
