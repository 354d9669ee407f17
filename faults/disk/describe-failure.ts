/** What a command that failed said, in one line. */
export function describeFailure(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  return (stderr?.trim() || message || String(error)).split('\n')[0] as string;
}
