import type { Logger } from './logger.ts';

/** What a process does to end well; run in order, newest part first. */
export type ClosingStep = { readonly name: string; close(): Promise<void> | void };

/**
 * Ends the process on SIGINT, SIGTERM, or when the parent that started it is gone: runs the steps in order and exits 0.
 * A step that throws is logged and the next one runs; after `deadlineMs` the process exits 1 whatever is left.
 */
export function closeOnSignal(logger: Logger, steps: readonly ClosingStep[], deadlineMs: number): void {
  let closing = false;
  async function close(reason: string): Promise<void> {
    if (closing) return;
    closing = true;
    logger.info({ reason }, 'closing');
    setTimeout(() => {
      logger.error('closing took too long');
      process.exit(1);
    }, deadlineMs).unref();
    for (const step of steps) {
      try {
        await step.close();
      } catch (error) {
        logger.error({ err: error, step: step.name }, 'a part did not close');
      }
    }
    logger.info('closed');
    process.exit(0);
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void close(signal));
  if (process.connected) process.on('disconnect', () => void close('parent gone'));
}
