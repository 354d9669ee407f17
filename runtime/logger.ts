import { type Logger, pino } from 'pino';
import { logContext } from './log-context.ts';

export type { Logger };

/** Blotted out down to four levels deep: the last line of defence behind not passing them in the first place. */
const REDACTED = [
  'authorization',
  'cookie',
  'answer',
  'message',
  'secureMessage',
  'secure_message',
  'signingData',
  'signing_data',
  'phoneNumber',
  'phone_number',
  'pushToken',
  'secret',
  'client_secret',
  'clientSecret',
  'push_token',
  'accessToken',
  'newKeyProof',
  'oldSignature',
  'newSignature',
  'change',
  'password',
  'pin',
  'code',
  'otp',
  'sms_code',
  'codeMac',
  'authToken',
  'nonce',
].flatMap((name) => [`${name}`, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`]);

/** JSON lines on standard output, with secret and personal fields blotted out. */
export function createLogger(processName: string, level: string): Logger {
  return pino({
    level,
    base: { process: processName },
    // In front, so that a line that names a transaction itself has the last word.
    mixin: logContext,
    redact: { paths: REDACTED, censor: '[redacted]' },
    serializers: { err: describeError },
    hooks: {
      logMethod(args, method) {
        const [first, text, ...rest] = args as unknown[];
        // pino would make the message of a lone error the text of the line.
        const named = first instanceof Error ? [{ err: first }, text ?? first.name, ...rest] : args;
        method.apply(this, named as Parameters<typeof method>);
      },
    },
  });
}

/** Name, code and stack frames; the message of a foreign error may quote input, so it is left to our own kinds. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { kind: typeof error };
  const code = (error as { code?: unknown }).code;
  const own = error.name === 'AppError' || error.name === 'MobileAuthenticationError';
  return {
    kind: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { errorCode: code } : {}),
    ...(own ? { text: error.message } : {}),
    frames: framesOf(error),
    ...(error.cause !== undefined ? { cause: describeError(error.cause) } : {}),
  };
}

/** The stack without the message in front of it, whose lines might look like frames. */
function framesOf({ message, stack = '' }: Error): string[] {
  const start = stack.indexOf(message);
  const frames = start < 0 ? '' : stack.slice(start + message.length);
  return frames
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim());
}
