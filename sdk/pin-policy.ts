/** Why a PIN may not be chosen; undefined when it may. */
export type PinObjection = 'pin_length' | 'pin_not_digits' | 'pin_too_simple';

const MIN_LENGTH = 5;
const MAX_LENGTH = 32;

/** Five to 32 digits, not all of one kind, not counting up or down. */
export function objectionToPin(pin: string): PinObjection | undefined {
  if (pin.length < MIN_LENGTH || pin.length > MAX_LENGTH) return 'pin_length';
  if (!/^[0-9]+$/.test(pin)) return 'pin_not_digits';
  const steps = [...pin].slice(1).map((digit, index) => (Number(digit) - Number(pin[index]) + 10) % 10);
  const isSequence = [0, 1, 9].some((step) => steps.every((each) => each === step));
  return isSequence ? 'pin_too_simple' : undefined;
}
