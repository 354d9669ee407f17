/**
 * Runs this with the clock of this process wrong by so many ms, as `Date.now()` and `new Date()` tell it; several at once
 * would see each other's. What a process was told of a time stays as it is.
 */
export async function withClockOff<T>(byMs: number, run: () => Promise<T>): Promise<T> {
  const RealDate = Date;
  const now = (): number => RealDate.now() + byMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
  try {
    return await run();
  } finally {
    globalThis.Date = RealDate;
  }
}
