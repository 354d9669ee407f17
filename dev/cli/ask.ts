import { createInterface } from 'node:readline/promises';

/** `line`: what was typed. `timed_out`: nothing in time. `ended`: the terminal was closed, or Ctrl-C. */
export type Asked = { readonly kind: 'line'; readonly text: string } | { readonly kind: 'timed_out' | 'ended' };

/** Asks one question on the terminal and waits at most so long for a line. */
export async function ask(question: string, timeoutMs: number): Promise<Asked> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<Asked>((resolve) => {
    terminal.once('SIGINT', () => resolve({ kind: 'ended' }));
    terminal.once('close', () => resolve({ kind: 'ended' }));
  });
  const answered = terminal.question(question, { signal: AbortSignal.timeout(timeoutMs) }).then(
    (text): Asked => ({ kind: 'line', text }),
    (error: unknown): Asked => {
      if (error instanceof Error && error.name === 'AbortError') return { kind: 'timed_out' };
      throw error;
    },
  );
  try {
    return await Promise.race([answered, ended]);
  } finally {
    terminal.close();
  }
}
