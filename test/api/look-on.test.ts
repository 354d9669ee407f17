import { createLookOn } from '../../api/look-on.ts';

/** Looks that succeed or fail as the list says, and are wanted as long as it lasts. */
async function lookThrough(results: readonly ('ok' | 'fails')[]) {
  const left = [...results];
  const warned: string[] = [];
  let [atOnce, most] = [0, 0];
  const ended = Promise.withResolvers<void>();
  const looks = createLookOn({
    everyMs: 1,
    isWanted: () => left.length > 0,
    warn: (error) => warned.push((error as Error).message),
    look: async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      looks.within(0); // one is under way already
      await Promise.resolve();
      atOnce -= 1;
      const number = results.length - left.length + 1;
      const result = left.shift();
      if (left.length === 0) ended.resolve();
      if (result === 'fails') throw new Error(`look ${number}`);
    },
  });
  looks.within(0);
  looks.within(0);
  await ended.promise;
  return { warned, most, looks, left };
}

it('makes one look at a time, as long as one is wanted', async () => {
  const { most, left, warned } = await lookThrough(['ok', 'ok', 'ok']);
  expect([most, left, warned]).toEqual([1, [], []]);
});

it('goes on after looks that fail, and tells of each row of failures once', async () => {
  const { warned } = await lookThrough(['ok', 'fails', 'fails', 'ok', 'fails', 'ok']);
  expect(warned).toEqual(['look 2', 'look 5']);
});

it('looks no more once it is stopped', async () => {
  const { looks, left } = await lookThrough(['ok']);
  looks.stop();
  left.push('ok');
  looks.within(0);
  // Another one that begins later has looked meanwhile.
  await lookThrough(['ok']);
  expect(left).toEqual(['ok']);
});
