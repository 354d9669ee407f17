import { renderSmsMessage } from '../workflows/domain/sms-message.ts';
import type { DueSms, SmsBudget, SmsCodes, SmsFailure, SmsGateways, SmsLog, SmsMessage } from './ports.ts';
import { tryGateways } from './try-sms-gateways.ts';

export interface SendSmsDependencies {
  readonly smsLog: SmsLog;
  readonly smsGateways: SmsGateways;
  readonly smsCodes: SmsCodes;
  /** For all gateways of one send together. */
  readonly smsTimeoutMs: number;
}

/** Step 0 is the first SMS of a transaction, each resend the next step; all of them carry the same code. */
export interface SendSmsRequest {
  readonly transactionId: string;
  readonly step: number;
  /** How long whoever asked for it still waits; undefined: as long as an SMS may take. */
  readonly withinMs?: number;
}

export type SendSmsResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly failure: SmsFailure;
      /** With `budget_exceeded`. */
      readonly budget?: SmsBudget;
      readonly retryAfterSeconds?: number;
    };

/** Added to the time of a send before another run may take its step: what recording it takes. */
const RECORDING_MS = 3_000;

/**
 * Sends one SMS with the transaction's code. A step that was sent, or refused, is not sent again. Throws where another run
 * has the step at this moment, to be tried again.
 */
export function createSendSms({ smsLog, smsGateways, smsCodes, smsTimeoutMs }: SendSmsDependencies) {
  return async ({ transactionId, step, withinMs = smsTimeoutMs }: SendSmsRequest): Promise<SendSmsResult> => {
    const due = await smsLog.findDue(transactionId, step);
    if (!due) return fail(transactionId, step, 'no_number');
    if (due.earlier) return due.earlier;

    // Charged before it is sent: of many that come at once only as many get to the gateway as are paid for.
    const charge = await smsLog.charge(transactionId, step, smsTimeoutMs + RECORDING_MS);
    if (!charge.ok) {
      if (charge.failure === 'under_way') throw new Error('another run is sending this SMS');
      await smsLog.recordFailed(transactionId, step, { failure: charge.failure });
      return charge;
    }

    const { receipt, gateway } = await tryGateways(await smsGateways.inOrder(), messageOf(due, transactionId, step), {
      defaultSender: due.defaultSender,
      timeoutMs: Math.min(smsTimeoutMs, withinMs),
    });
    if (receipt.ok && gateway !== null) {
      await smsLog.recordSent(transactionId, step, { gateway, providerMessageId: receipt.providerMessageId });
      return { ok: true };
    }
    const failure = receipt.ok ? 'misconfigured' : receipt.failure;
    await smsLog.recordFailed(transactionId, step, {
      failure,
      ...(gateway !== null && { gateway }),
      ...(!receipt.ok && receipt.providerCode !== undefined && { providerCode: receipt.providerCode }),
    });
    return { ok: false, failure };
  };

  async function fail(transactionId: string, step: number, failure: SmsFailure): Promise<SendSmsResult> {
    await smsLog.recordFailed(transactionId, step, { failure });
    return { ok: false, failure };
  }

  function messageOf(due: DueSms, transactionId: string, step: number): SmsMessage {
    const code = smsCodes.codeFor(transactionId);
    return {
      to: due.phoneNumber,
      from: due.senderId ?? due.defaultSender,
      text: renderSmsMessage({ message: due.message, code, originHost: due.originHost }),
      code,
      validitySeconds: Math.max(1, Math.floor((due.deadlineMs - Date.now()) / 1_000)),
      transactionId,
      step,
    };
  }
}
