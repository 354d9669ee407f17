import { createForgetOld } from '../../activities/forget-old.ts';
import type { Keepsake } from '../../activities/ports.ts';

const keptForHours = { messages: 24, transactions: 96, events: 8_760 };

it('goes on batch by batch until there is nothing left, by the time each is kept', async () => {
  const asked: [Keepsake, number][] = [];
  const left = [500, 500, 7];
  const forgetOld = createForgetOld({
    keptForHours,
    retention: {
      async forget(what, olderThanHours) {
        asked.push([what, olderThanHours]);
        return left.shift() ?? 0;
      },
    },
  });
  expect(await forgetOld({ what: 'transactions' })).toEqual({ isDone: true });
  expect(asked).toEqual(Array(3).fill(['transactions', 96]));
});

it('stops when its time is over, and says that there is more', async () => {
  let batches = 0;
  const forget = async (_what: Keepsake, _hours: number, limit: number) => {
    batches += 1;
    return limit;
  };
  const forgetOld = createForgetOld({ keptForHours, retention: { forget } }, 0);
  expect(await forgetOld({ what: 'events' })).toEqual({ isDone: false });
  expect(batches).toBe(1);
});
