import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Command, OptionValues } from '../command-line.ts';
import type { BeginReply } from '../portal-api.ts';
import { requiredOption, textOption } from '../read-option.ts';
import { findDevice } from './find-device.ts';
import { FOLLOW_OPTIONS, follow, linesOf } from './follow.ts';
import type { PortalContext } from './portal-context.ts';

/** Begins a transaction as a portal would, and by default waits for the callback and fetches the result. */
export const start: Command<PortalContext> = {
  about: 'ask a user, wait for the callback, tell the result',
  options: {
    user: { type: 'string', value: 'NAME', about: 'the user to ask' },
    type: { type: 'string', value: 'TYPE', about: 'the configured type, for instance push' },
    'phone-number': { type: 'string', value: 'NUMBER', about: 'for SMS, or to fall back on it; such as +31612345678' },
    device: { type: 'string', value: 'ID', about: "the user's device; found by itself when not given" },
    message: { type: 'string', value: 'TEXT', about: 'short message, shown in the push' },
    'secure-message': { type: 'string', value: 'TEXT', about: 'what the phone shows once it is opened' },
    'ip-address': { type: 'string', value: 'IP', about: 'where the request comes from, for the phone to show' },
    'user-agent': { type: 'string', value: 'TEXT', about: 'the browser it comes from, likewise' },
    'signing-data': { type: 'string', value: 'FILE', about: 'what the phone signs, byte for byte' },
    'idempotency-key': { type: 'string', value: 'KEY', about: 'the same key again is the same transaction' },
    ...FOLLOW_OPTIONS,
  },
  async run(portal, values) {
    const request = readRequest(values);
    return follow(portal, values, {
      port: portOfKey(request.idempotencyKey),
      mayHaveEnded: request.idempotencyKey !== undefined,
      begin: async (callbackUri) => {
        const deviceId = textOption(values, 'device') ?? (await findDevice(portal.api, request));
        return portal.api.begin({ ...request, ...(deviceId !== undefined && { deviceId }), callbackUri });
      },
      report: (begun) => reportBegun(portal, begun),
    });
  },
};

function readRequest(values: OptionValues) {
  const phoneNumber = textOption(values, 'phone-number');
  const message = textOption(values, 'message');
  const secureMessage = textOption(values, 'secure-message');
  const ipAddress = textOption(values, 'ip-address');
  const userAgent = textOption(values, 'user-agent');
  const idempotencyKey = textOption(values, 'idempotency-key');
  const signingFile = textOption(values, 'signing-data');
  return {
    userId: requiredOption(values, 'user'),
    type: requiredOption(values, 'type'),
    ...(phoneNumber !== undefined && { phoneNumber }),
    ...(message !== undefined && { message }),
    ...(secureMessage !== undefined && { secureMessage }),
    ...(ipAddress !== undefined && { ipAddress }),
    ...(userAgent !== undefined && { userAgent }),
    ...(signingFile !== undefined && { signingData: readFileSync(signingFile, 'utf8') }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  };
}

/** The callback address is part of the request, so the same key must come with the same port each time. */
function portOfKey(key: string | undefined): number | undefined {
  if (key === undefined) return undefined;
  return 20_000 + (createHash('sha256').update(key).digest().readUInt16BE() % 10_000);
}

function reportBegun({ output }: PortalContext, begun: BeginReply): void {
  if (begun.auth_method === 'sms') {
    output.event(
      { event: 'begun', ...begun },
      'Sent by SMS.',
      ...linesOf(begun),
      'Read it: npm run phone -- sms',
      `Then:    npm run portal -- sms-verify ${begun.transaction_id} CODE`,
    );
    return;
  }
  output.event(
    { event: 'begun', ...begun },
    `Sent to ${begun.device?.name} (${begun.device?.platform}).`,
    ...(begun.number === undefined ? [] : [`Type this number on the phone: ${begun.number}`]),
    ...linesOf(begun),
  );
}
