import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { AnswerRecorded, AnswerReply, SealedReply } from '../../../runtime/device-wire.ts';
import { AppError, type ErrorCode } from '../../../runtime/errors.ts';
import type { AnswerRefusal, AnswerVerdict } from '../../../workflows/contract.ts';
import { callerOf } from '../../caller.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { deviceOf } from '../../device-authentication.ts';
import { endTransactions } from '../../end-transactions.ts';
import { subjectOf } from '../../event-subject.ts';
import { parse } from '../../parse.ts';
import type { DeviceCaller, DeviceTransaction } from '../../ports.ts';
import { refuseIfOver, transactionIdOf } from './open-transaction.ts';
import { ANSWER_REFUSED, SIGNATURE_REFUSED } from './refusal-events.ts';

/** Body of an answer. */
export const answerBody = z.object({ answer: z.string().min(1).max(32_768) });

type Retryable = 'pin_wrong' | 'pin_required' | 'number_wrong';

const CODE_OF: Readonly<Record<Exclude<AnswerRefusal, Retryable>, ErrorCode>> = {
  already_settled: 'transaction_already_settled',
  expired: 'transaction_expired',
  resend_limit_reached: 'internal',
  not_for_this_enrolment: 'transaction_unknown',
  answer_undecryptable: 'answer_undecryptable',
  answer_invalid: 'answer_invalid',
  signature_invalid: 'answer_invalid',
  challenge_not_read: 'challenge_not_read',
  enrolment_revoked: 'enrolment_unknown',
};

/**
 * `POST /device/v1/transactions/{id}/answer`: the phone's decision. 200 with the sealed outcome; 202 when no worker is
 * there and the answer is kept; the same bytes again get the same reply; anything else is refused by a code.
 */
export function answer(dependencies: ApiDependencies): RequestHandler {
  const { records, transactions, pgp, enrolmentChanges, auditTrail } = dependencies;
  return async (request, response) => {
    const caller = deviceOf(response);
    const { enrolmentId } = caller;
    const body = parse(answerBody, request.body);
    const transactionId = transactionIdOf(request.params, response);
    const answerSha256 = createHash('sha256').update(body.answer).digest('base64url');

    const find = async (): Promise<DeviceTransaction> => {
      const found = await records.findForEnrolment(transactionId, enrolmentId);
      if (!found) throw new AppError('transaction_unknown');
      return found;
    };
    const message = { enrolmentId, answer: body.answer, answerSha256, receivedAtMs: caller.nowMs };
    const verdict =
      standingVerdict(await find(), answerSha256, caller) ?? (await transactions.answer(transactionId, message));

    if (verdict === 'recorded') {
      response.status(202).json({ status: 'recorded' } satisfies AnswerRecorded);
      return;
    }
    if (verdict === 'too_many') throw new AppError('too_many_answers');
    const settled = verdict === 'ended' ? standingVerdict(await find(), answerSha256, caller) : verdict;
    if (!settled) throw new AppError('unavailable');
    if (!settled.ok && !isRetryable(settled.refusal)) throw errorOf(settled.refusal);
    // The last wrong PIN has revoked the enrolment: nobody can answer what else it was asked.
    if (settled.ok && settled.status === 'failed') {
      await endTransactions(dependencies, await enrolmentChanges.listOrphans(enrolmentId));
    }
    if (!settled.ok) {
      await auditTrail.record({
        name: ANSWER_REFUSED,
        ...subjectOf(response),
        caller: callerOf(request),
        details: {
          refusal: settled.refusal,
          ...(settled.attemptsLeft !== undefined && { left: settled.attemptsLeft }),
        },
      });
    }
    const reply: AnswerReply = {
      purpose: 'answer_reply',
      transactionId,
      enrolmentId,
      answerSha256,
      ...(settled.ok ? { status: settled.status } : retryOf(settled)),
      ...(settled.custom && { custom: settled.custom }),
    };
    const sealed: SealedReply = { message: await (await pgp.of(caller)).sealFor(caller.pgpPublicKey, reply) };
    response.json(sealed);
  };
}

function errorOf(refusal: Exclude<AnswerRefusal, Retryable>): AppError {
  const event = refusal === 'signature_invalid' ? SIGNATURE_REFUSED : undefined;
  return new AppError(CODE_OF[refusal], undefined, { ...(event !== undefined && { event }) });
}

/** What a transaction that is over already says to this answer; undefined while it waits for one. */
function standingVerdict(
  transaction: DeviceTransaction,
  answerSha256: string,
  caller: DeviceCaller,
): AnswerVerdict | undefined {
  const status = transaction.outcome?.status;
  const isItsAnswer = transaction.answerSha256 === answerSha256;
  if (isItsAnswer && (status === 'approved' || status === 'denied' || status === 'failed')) return { ok: true, status };
  refuseIfOver(transaction, caller);
  return undefined;
}

function isRetryable(refusal: AnswerRefusal): refusal is Retryable {
  return refusal === 'pin_wrong' || refusal === 'pin_required' || refusal === 'number_wrong';
}

/** A wrong PIN or number is an outcome of its own: the user may try again, and hears how often. */
function retryOf({
  refusal,
  attemptsLeft,
}: AnswerVerdict & { ok: false }): Pick<AnswerReply, 'status' | 'attemptsLeft'> {
  return { status: refusal as Retryable, ...(attemptsLeft !== undefined && { attemptsLeft }) };
}
