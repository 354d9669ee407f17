import { untilTaken } from '../../api/until-taken.ts';

const OVERLOOKED = Array.from({ length: 12 }, (_, index) => new Error(`overlooked ${index + 1}`));
const wasOverlooked = (error: unknown): boolean => OVERLOOKED.includes(error as Error);

/** Throws these one after the other, then returns how often it was called. */
function scripted(errors: readonly Error[]): () => Promise<number> {
  let calls = 0;
  return async () => {
    const error = errors[calls];
    calls += 1;
    if (error) throw error;
    return calls;
  };
}

it('sends again what was overlooked', async () => {
  expect(await untilTaken(scripted(OVERLOOKED.slice(0, 2)), wasOverlooked)).toBe(3);
});

it('gives up after ten sendings', async () => {
  await expect(untilTaken(scripted(OVERLOOKED), wasOverlooked)).rejects.toBe(OVERLOOKED[9]);
});

it('sends nothing again that was refused', async () => {
  const refused = new Error('refused');
  await expect(untilTaken(scripted([refused]), wasOverlooked)).rejects.toBe(refused);
});
