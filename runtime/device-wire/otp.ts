/** What a one-time code holds. */
export interface OtpContent {
  readonly transactionId: string;
  /** Proves that the code was read. */
  readonly code: string;
}

/** A one-time code as text: base64 of id and code, which with codes of ours has no character that a link would change. */
export function otpText({ transactionId, code }: OtpContent): string {
  return btoa(`${transactionId}:${code}`);
}

const OTP_CONTENT = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}):([A-Za-z0-9_-]{16,64})$/;

/** Reads a one-time code, alone or at the end of a link; undefined for any other text. */
export function readOtp(text: string): OtpContent | undefined {
  const [otp] = /[A-Za-z0-9]{60,180}={0,2}$/.exec(text.trim()) ?? [];
  if (otp === undefined) return undefined;
  let content: string;
  try {
    content = atob(otp);
  } catch {
    // No base64 after all.
    return undefined;
  }
  const [, transactionId, code] = OTP_CONTENT.exec(content) ?? [];
  return transactionId === undefined || code === undefined ? undefined : { transactionId, code };
}
