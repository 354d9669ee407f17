import type { RequestHandler } from 'express';
import { generate } from 'lean-qr';
import { toPngBuffer } from 'lean-qr/extras/node_export';
import { toSvgSource } from 'lean-qr/extras/svg';
import { MobileAuthenticationError } from '../../../runtime/errors.ts';
import { otpOf } from '../../../runtime/otp.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parseTransactionId } from './transaction-id.ts';

/** Points a module: large enough for a phone's camera at arm's length, small enough to fit a form. */
const PNG_SCALE = 8;

/**
 * `GET …/transaction/{id}/otp.svg` and `otp.png` (ours): the code as a QR code, for portals that draw none themselves.
 * `?content=link` draws the link that opens the app in place of the bare code. 3004 once it is claimed or over.
 */
export function drawOtp({ records, keyring, settings }: ApiDependencies, format: 'svg' | 'png'): RequestHandler {
  return async (request, response) => {
    const transactionId = parseTransactionId(request.params.transactionId);
    const record = await records.findForClient(transactionId, clientOf(response).id);
    if (record?.method !== 'otp' || record.userId !== null || record.outcome) throw new MobileAuthenticationError(3004);
    const otp = otpOf(keyring, transactionId);
    const code = generate(request.query.content === 'link' ? settings.otpLinkPrefix + otp : otp);
    if (format === 'svg') response.type('image/svg+xml').send(toSvgSource(code));
    else response.type('image/png').send(Buffer.from(toPngBuffer(code, { scale: PNG_SCALE })));
  };
}
