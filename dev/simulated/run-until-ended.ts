/** A process of a simulated service: says so when it is ready, and runs until a signal, or until its parent is gone. */
export function runUntilEnded(simulator: { stop(): Promise<void> }, readyLine: string): void {
  const end = (): void => {
    void simulator.stop().then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  process.once('disconnect', end);
  console.log(readyLine);
  if (process.connected) process.send?.({ ready: true });
  else if (process.send) end(); // the parent went before anyone listened for it
}
