/** The digit that makes a typing error in `digits` noticed (ISO/IEC 7812-1, annex B: Luhn). */
export function checkDigitOf(digits: string): string {
  const sum = [...digits].reverse().reduce((total, character, index) => {
    const digit = Number(character);
    const weighed = index % 2 === 0 ? 2 * digit : digit;
    return total + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}
