import type { Take } from './ask-user.ts';
import { type DeviceError, localError } from './errors.ts';
import { objectionToPin } from './pin-policy.ts';
import type { AttemptCounter, MobileAuthRequest, ReceivedChallenge, Receivers } from './receivers.ts';

/** What is asked of the user at this point of a request. */
export type Asked = 'confirmation' | 'otp' | 'pin' | 'biometric' | 'custom' | 'number';

/** How it comes that it is asked. */
export interface Circumstances {
  readonly attempts?: AttemptCounter;
  readonly isNextAttempt: boolean;
  readonly cause?: DeviceError;
}

/** Hands a challenge to its receiver. Throws `request_not_handleable` where the app has none. */
export function showChallenge(
  receivers: Receivers,
  asked: Asked,
  request: MobileAuthRequest,
  { attempts, isNextAttempt, cause }: Circumstances,
  take: Take,
): void | Promise<void> {
  const challenge: ReceivedChallenge = {
    request,
    deny: (reason) => take({ kind: 'deny', ...(reason && { reason }) }),
    cancel: () => take({ kind: 'cancel' }),
  };
  const fallBackToPin = (): void => take({ kind: 'fall_back_to_pin' });
  const counted = { ...challenge, isNextAttempt, ...(attempts && { attempts }) };
  switch (asked) {
    case 'confirmation':
      requireReceiver(receivers.onConfirmation);
      return receivers.onConfirmation?.({ ...challenge, accept: () => take({ kind: 'accept', input: {} }) });
    case 'otp':
      requireReceiver(receivers.onOtp);
      return receivers.onOtp?.({ ...challenge, accept: () => take({ kind: 'accept', input: {} }) });
    case 'pin':
      requireReceiver(receivers.onPin);
      return receivers.onPin?.({ ...counted, ...(cause && { cause }), accept: (pin) => takePin(pin, take) });
    case 'biometric':
      requireReceiver(receivers.onBiometric);
      return receivers.onBiometric?.({
        ...challenge,
        fallBackToPin,
        accept: () => take({ kind: 'accept', input: { biometric: true } }),
      });
    case 'custom':
      requireReceiver(receivers.onCustom);
      return receivers.onCustom?.({
        ...challenge,
        fallBackToPin,
        accept: (payload) => take({ kind: 'accept', input: { custom: payload ?? '' } }),
      });
    case 'number':
      requireReceiver(receivers.onNumber);
      return receivers.onNumber?.({ ...counted, accept: (number) => take({ kind: 'accept', input: { number } }) });
  }
}

function takePin(pin: string, take: Take): void {
  const objection = objectionToPin(pin);
  if (objection) throw localError('pin_refused', `This is nobody's PIN: ${objection}.`);
  take({ kind: 'accept', input: { pin } });
}

function requireReceiver(receiver: unknown): void {
  if (!receiver) throw localError('request_not_handleable', 'The app has no receiver for what this request asks.');
}
