import { readFileSync } from 'node:fs';
import { MUTANTS } from '../../faults/mutants/mutants.ts';

it.each(Object.entries(MUTANTS))('the mutant "%s" fits the code as it is', (_name, edits) => {
  for (const { file, from, to } of edits) {
    expect(readFileSync(file, 'utf8').split(from)).toHaveLength(2);
    expect(to).not.toBe(from);
  }
});
