import type { DEMO } from '../../dev/demo-data.ts';

/** How one kind of transaction is begun and answered. */
interface Method {
  /** On the command line, and as it is shown. */
  readonly name: string;
  /** Authentication type of the demonstration. */
  readonly type: string;
  /** How the user is reached, as a begin tells it. */
  readonly authMethod: 'push' | 'otp' | 'sms';
  /** By whom and with what it is answered. */
  readonly answer: 'phone' | 'pin' | 'fingerprint' | 'number' | 'code_read' | 'code_typed';
  /** Whether the portal is called back; otherwise it has the outcome as a reply. */
  readonly isCalledBack: boolean;
  readonly isSigned?: boolean;
  /** Begun as a login of a OneSpan tenant's portal. */
  readonly isOneSpan?: boolean;
}

const BY_PUSH = { authMethod: 'push', isCalledBack: true } as const;

/** Every way in which a transaction can be answered, by the name it has in the bench. */
export const METHODS = [
  { name: 'push', type: 'push', ...BY_PUSH, answer: 'phone' },
  { name: 'push-pin', type: 'push-pin', ...BY_PUSH, answer: 'pin' },
  { name: 'push-fingerprint', type: 'push-fingerprint', ...BY_PUSH, answer: 'fingerprint' },
  { name: 'push-number', type: 'push-number', ...BY_PUSH, answer: 'number' },
  { name: 'push-signing', type: 'push-signing', ...BY_PUSH, answer: 'phone', isSigned: true },
  { name: 'otp', type: 'otp', authMethod: 'otp', answer: 'code_read', isCalledBack: true },
  { name: 'sms', type: 'sms', authMethod: 'sms', answer: 'code_typed', isCalledBack: false },
  {
    ...{ name: 'onespan-push', type: 'push', authMethod: 'push', answer: 'phone' },
    ...{ isCalledBack: false, isOneSpan: true },
  },
] as const satisfies readonly (Method & { readonly type: (typeof DEMO.types)[number]['name'] | 'sms' })[];

export type MethodName = (typeof METHODS)[number]['name'];

/** The row of a method. */
export function methodOf(name: MethodName): Method {
  return METHODS.find((method) => method.name === name) as Method;
}
