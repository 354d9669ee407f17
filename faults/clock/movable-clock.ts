/**
 * Loaded before a process of ours (`--import`): on SIGUSR2 its clock is put wrong by as many ms as `MOVED_CLOCK_FILE` says,
 * as on a machine that somebody sets by hand. It is right where there is no such file. What it goes by then stands in the
 * file of the same name with `.seen` behind it.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const RealDate = Date;
const realNow = Date.now;
let byMs = readShift();

process.on('SIGUSR2', () => {
  byMs = readShift();
  writeFileSync(`${process.env.MOVED_CLOCK_FILE}.seen`, String(byMs));
});

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [realNow() + byMs] : args, newTarget),
  get: (target, name, receiver) => (name === 'now' ? () => realNow() + byMs : Reflect.get(target, name, receiver)),
});

function readShift(): number {
  try {
    return Number(readFileSync(String(process.env.MOVED_CLOCK_FILE), 'utf8'));
  } catch {
    return 0;
  }
}
