import type { Response } from 'express';

/** What the real service refuses messages with, by its code: HTTP status and a sentence. */
export const TWILIO_ERRORS = {
  20003: { status: 401, message: 'Authenticate' },
  20404: { status: 404, message: 'The requested resource was not found' },
  20429: { status: 429, message: 'Too Many Requests' },
  20500: { status: 500, message: 'Internal Server Error' },
  21211: { status: 400, message: "Invalid 'To' Phone Number" },
  21212: { status: 400, message: "Invalid 'From' Phone Number" },
  21408: { status: 400, message: 'Permission to send an SMS has not been enabled for this region' },
  21602: { status: 400, message: 'Message body is required' },
  21603: { status: 400, message: "A 'From' phone number is required" },
  21604: { status: 400, message: "A 'To' phone number is required" },
  21606: { status: 400, message: "The 'From' number can not send messages to this 'To' number" },
  21609: { status: 400, message: "Invalid 'StatusCallback' URL" },
  21610: { status: 400, message: 'Attempt to send to an unsubscribed recipient' },
  21611: { status: 400, message: "The queue of this 'From' number is full" },
  21612: { status: 400, message: "This combination of 'To' and 'From' can not be used" },
  21614: { status: 400, message: "'To' number is not a valid mobile number" },
  21617: { status: 400, message: 'The concatenated message body exceeds the 1600 character limit' },
  21624: { status: 400, message: "Invalid 'ValidityPeriod'" },
  21660: { status: 400, message: "Mismatch between the 'From' number and the account" },
  21701: { status: 404, message: 'The Messaging Service does not exist' },
} as const satisfies Record<number, { status: number; message: string }>;

export type TwilioErrorCode = keyof typeof TWILIO_ERRORS;

/** Answers with an error in the form of the real service. */
export function sendTwilioError(response: Response, code: TwilioErrorCode): void {
  const { status, message } = TWILIO_ERRORS[code];
  response.status(status).json({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status });
}
