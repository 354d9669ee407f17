import type { RequestHandler } from 'express';
import { generate } from 'lean-qr';
import { toPngBuffer } from 'lean-qr/extras/node_export';
import { toSvgSource } from 'lean-qr/extras/svg';
import { z } from 'zod';
import { parse } from '../../parse.ts';

/** Points a module: large enough for a phone's camera at arm's length, small enough to fit a form. */
const PNG_SCALE = 8;

/** The query of a picture. */
export const visualCodeQuery = z.object({
  // The vendor's coloured code is its own; only the QR code can be drawn here.
  format: z.string().transform((format, context) => {
    const upper = format.toUpperCase();
    if (upper === 'QR' || upper === 'QRCODE') return 'QR';
    context.addIssue({ code: 'custom', message: 'not drawn here' });
    return z.NEVER;
  }),
  // Hexadecimal fits twice as dense as other text; the longest here still makes a code that a phone can read.
  message: z
    .string()
    .regex(/^[\x20-\x7e]+$/)
    .max(2_048),
});

/**
 * `GET /v1/visualcodes/render?format=QR&message=…`: the message as a QR code, PNG, or SVG for who accepts that alone.
 * The coloured `CRONTO` code is refused.
 */
export const renderVisualCode: RequestHandler = (request, response) => {
  const { message } = parse(visualCodeQuery, request.query);
  const code = generate(message);
  if (request.accepts(['png', 'svg']) === 'svg') response.type('image/svg+xml').send(toSvgSource(code));
  else response.type('image/png').send(Buffer.from(toPngBuffer(code, { scale: PNG_SCALE })));
};
