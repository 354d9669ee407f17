import { randomBytes } from 'node:crypto';
import type { Phone } from './enrol-phone.ts';
import type { Begun, WholeFlow } from './flow.ts';
import { type MethodName, methodOf } from './methods.ts';

export interface BeginOptions {
  /** In place of the authentication type that the method has otherwise. */
  readonly type?: string;
  /** For a begin that is sent again. */
  readonly idempotencyKey?: string;
}

/** Begins a transaction of this method, as the portal it is for. Throws when it is refused, or another method was begun. */
export async function begin(
  flow: WholeFlow,
  phone: Phone,
  name: MethodName,
  { type, idempotencyKey }: BeginOptions = {},
): Promise<Begun> {
  const method = methodOf(name);
  if (method.isOneSpan) return { transactionId: await flow.oneSpan.begin(phone) };
  const reply = await flow.portal.begin({
    type: type ?? method.type,
    ...(method.answer !== 'code_read' && { userId: phone.userId }),
    ...(method.answer !== 'code_read' && method.answer !== 'code_typed' && { deviceId: phone.deviceId }),
    ...(method.isCalledBack && { callbackUri: flow.callbacks.uri }),
    ...(method.answer === 'code_typed'
      ? { phoneNumber: phone.phoneNumber, message: '{code} is your code for the bank' }
      : { message: 'Log in to the bank?', secureMessage: 'Log in to the bank from Utrecht with Firefox?' }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
    ...(method.isSigned && { signingData: randomBytes(96).toString('base64') }),
  });
  const { transaction_id: transactionId, auth_method: authMethod, number, otp } = reply;
  if (authMethod !== method.authMethod) throw new Error(`transaction ${transactionId} began with ${authMethod}`);
  return { transactionId, ...(number !== undefined && { number }), ...(otp !== undefined && { otp }) };
}
