/** Loaded before a process of ours (`--import`): its clock is wrong by so many ms, as on a machine that nobody synchronises. */
const byMs = Number(process.env.SHIFT_CLOCK_MS ?? 0);
const RealDate = Date;
const realNow = Date.now;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [realNow() + byMs] : args, newTarget),
  get: (target, name, receiver) => (name === 'now' ? () => realNow() + byMs : Reflect.get(target, name, receiver)),
});
