/**
 * The wire between a phone and Countersign (`/device/v1`): shapes and the pure functions both ends must share.
 * The server and `sdk/` both read it; nothing of it imports anything else, so that it runs anywhere.
 */
export * from './device-wire/answer.ts';
export * from './device-wire/challenge.ts';
export * from './device-wire/device-changes.ts';
export * from './device-wire/enrolment.ts';
export * from './device-wire/otp.ts';
export * from './device-wire/pending.ts';
export * from './device-wire/pin-change.ts';
export * from './device-wire/request-proof.ts';
export * from './device-wire/sealed-reply.ts';
export * from './device-wire/visual-challenge.ts';
