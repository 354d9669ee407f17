/** Replies whose content is confidential: an armored OpenPGP message, encrypted to the phone, signed by the server. */
export interface SealedReply {
  readonly message: string;
}

/** Size step that hides the length of what is sealed. */
export const PADDING_STEP_BYTES = 256;

/** JSON text of `value`, filled with spaces to the next 256-byte step; JSON parsers ignore them. */
export function padJson(value: unknown): string {
  const json = JSON.stringify(value);
  const bytes = new TextEncoder().encode(json).length;
  return json + ' '.repeat((PADDING_STEP_BYTES - (bytes % PADDING_STEP_BYTES)) % PADDING_STEP_BYTES);
}
