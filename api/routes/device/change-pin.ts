import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import {
  type PinChange,
  type PinChangeReply,
  pinChangeStatement,
  type SealedReply,
} from '../../../runtime/device-wire.ts';
import { AppError } from '../../../runtime/errors.ts';
import { pinChangeNonceOf } from '../../../runtime/pin-change-nonce.ts';
import { isPinSignature } from '../../../runtime/pin-signature.ts';
import { isSameText } from '../../../runtime/same-text.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { deviceOf } from '../../device-authentication.ts';
import { endTransactions } from '../../end-transactions.ts';
import { parse } from '../../parse.ts';
import type { PinChangeResult } from '../../ports.ts';

/** Body of a change of the PIN. */
export const pinChangeBody = z.object({ change: z.string().min(1).max(32_768) });

const text = z.string().min(1).max(1_024);
const contentSchema = z.object({
  purpose: z.literal('pin_change'),
  enrolmentId: text,
  changeId: z.uuid(),
  nonce: text,
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  oldSignature: text,
  newSignature: text,
}) satisfies z.ZodType<PinChange>;

/**
 * `POST /device/v1/pin-key/change`: another PIN key in place of the one whose PIN the user knows. 200 with the sealed
 * outcome; a wrong PIN counts like one of an answer; the same bytes again get the same reply and cost nothing.
 */
export function changePin(dependencies: ApiDependencies): RequestHandler {
  const { pinKeys, pgp, keyring } = dependencies;
  return async (request, response) => {
    const caller = deviceOf(response);
    const { enrolmentId } = caller;
    const body = parse(pinChangeBody, request.body);
    const serverPgp = await pgp.of(caller);
    const content = contentSchema.safeParse(await serverPgp.open(body.change, caller.pgpPublicKey));
    if (!content.success || content.data.enrolmentId !== enrolmentId) throw new AppError('pin_change_invalid');
    const { changeId, nonce, publicKey, oldSignature, newSignature } = content.data;
    const statement = pinChangeStatement(content.data);
    if (!isPinSignature(publicKey, statement, newSignature)) throw new AppError('pin_change_invalid');
    const changeSha256 = createHash('sha256').update(body.change).digest('base64url');
    const result = await pinKeys.change({
      ...{ enrolmentId, changeSha256, changeId, publicKey },
      isAgainst: (pinPublicKey) => isSameText(nonce, pinChangeNonceOf(keyring, enrolmentId, pinPublicKey)),
      proves: (pinPublicKey) => isPinSignature(pinPublicKey, statement, oldSignature),
    });
    if (result.kind === 'failed') await endTransactions(dependencies, result.endedTransactionIds);
    const reply: PinChangeReply = { purpose: 'pin_change_reply', enrolmentId, changeSha256, ...outcomeOf(result) };
    const sealed: SealedReply = { message: await serverPgp.sealFor(caller.pgpPublicKey, reply) };
    response.json(sealed);
  };
}

function outcomeOf(result: PinChangeResult): Pick<PinChangeReply, 'status' | 'attemptsLeft'> {
  switch (result.kind) {
    case 'changed':
    case 'failed':
      return { status: result.kind };
    case 'pin_wrong':
      return { status: result.kind, attemptsLeft: result.attemptsLeft };
    default:
      throw new AppError(result.kind);
  }
}
