import { PIN_CEILING, pinLimitOf } from '../../workflows/domain/attempts.ts';

it.each([
  [0, PIN_CEILING],
  [1, 1],
  [3, 3],
  [10, 10],
  [50, PIN_CEILING],
])('an application that allows %d wrong PINs allows %d: ten are the most whatever it says', (allowed, limit) => {
  expect(pinLimitOf(allowed)).toBe(limit);
});
