import { checkDigitOf } from '../../workflows/domain/check-digit.ts';

it.each([
  ['7992739871', '3'],
  ['0', '0'],
  ['1', '8'],
  ['59', '6'],
  ['123456', '6'],
])('makes %s complete with %s', (digits, checkDigit) => {
  expect(checkDigitOf(digits)).toBe(checkDigit);
});

it('notices every single wrong digit', () => {
  const digits = '4929103';
  for (const [index, right] of [...digits].entries()) {
    for (let wrong = 0; wrong < 10; wrong += 1) {
      if (String(wrong) === right) continue;
      const typed = digits.slice(0, index) + wrong + digits.slice(index + 1);
      expect(checkDigitOf(typed)).not.toBe(checkDigitOf(digits));
    }
  }
});
