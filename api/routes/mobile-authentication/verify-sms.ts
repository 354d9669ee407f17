import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { MobileAuthenticationError } from '../../../runtime/errors.ts';
import { smsCodeMacOf } from '../../../runtime/sms-code.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { noteSubject } from '../../event-subject.ts';
import { parseTransactionId } from './transaction-id.ts';

/** Any text a user may have typed: what is no code is a wrong one, and charged as one. */
export const smsCode = z.string().min(1).max(64);

/**
 * `POST …/user/{userId}/sms`: the code that the user brings back; 200 once, when it is right. 3003 for a wrong one, 3004
 * where there is nothing (any more) to be proven by it.
 */
export function verifySms({ records, transactions, keyring }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const form = (request.body ?? {}) as { readonly transaction_id?: unknown; readonly sms_code?: unknown };
    const transactionId = parseTransactionId(form.transaction_id);
    noteSubject(response, { transactionId, userId: request.params.userId as string });
    const code = smsCode.safeParse(form.sms_code);
    if (!code.success) throw new MobileAuthenticationError(1003, 'The parameter sms_code is missing or invalid.');
    const clientId = clientOf(response).id;
    const record = await records.findForClient(transactionId, clientId);
    if (!record?.isBySms || record.outcome || record.userId !== request.params.userId) {
      throw new MobileAuthenticationError(3004);
    }
    const codeMac = smsCodeMacOf(keyring, transactionId, code.data);
    const attemptId = randomUUID();
    const verdict = await transactions.verifyCode(transactionId, { attemptId, codeMac });
    const isOver = verdict === 'ended' || (!verdict.ok && verdict.refusal === 'already_settled');
    // The word on this very code may have been lost as the transaction ended; the database has it.
    const settled = isOver ? await records.findForClient(transactionId, clientId) : undefined;
    if (settled?.approvedByAttempt === attemptId) {
      response.json({ transaction_id: transactionId });
      return;
    }
    if (verdict === 'ended') throw new MobileAuthenticationError(3004);
    if (!verdict.ok) throw new MobileAuthenticationError(verdict.refusal === 'code_wrong' ? 3003 : 3004);
    // The last attempt: this code was wrong too.
    if (verdict.status === 'failed') throw new MobileAuthenticationError(3003);
    response.json({ transaction_id: transactionId });
  };
}
