import { type Logger, type LoggerOptions, pino } from 'pino';
import { blotOut } from './blot-out.ts';
import { logContext } from './log-context.ts';
import { createLogDestination } from './log-destination.ts';

export type { Logger };

/** JSON lines on standard output, with secret and personal fields blotted out. A log that can not be written ends no process. */
export function createLogger(processName: string, level: string): Logger {
  const destination = createLogDestination((lines) => logger.warn({ lines }, 'lines of the log were lost'));
  const options: LoggerOptions = {
    level,
    base: { process: processName },
    // In front, so that a line that names a transaction itself has the last word.
    mixin: logContext,
    formatters: { log: blotOut },
    serializers: { err: describeError },
    hooks: {
      logMethod(args, method) {
        const [first, text, ...rest] = args as unknown[];
        // pino would make the message of a lone error the text of the line.
        const named = first instanceof Error ? [{ err: first }, text ?? first.name, ...rest] : args;
        method.apply(this, named as Parameters<typeof method>);
      },
    },
  };
  const logger: Logger = pino(options, destination);
  const { child } = logger;
  // What a child carries with it no formatter sees.
  logger.child = function (this: Logger, bindings: object, options?: object) {
    return child.call(this, blotOut(bindings), options);
  } as typeof child;
  return logger;
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
