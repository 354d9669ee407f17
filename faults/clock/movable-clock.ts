/**
 * Loaded before a process of ours (`--import`): on SIGUSR2 its clock is put wrong by as many ms as `MOVED_CLOCK_FILE` says,
 * as on a machine that somebody sets by hand. It is right where there is no such file. What it goes by then stands in the
 * file of the same name with `.seen` behind it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { ServerResponse } from 'node:http';

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

// Node's own `Date` of replies is by a clock that can not be reached from here.
const writeRealHead = ServerResponse.prototype.writeHead;
ServerResponse.prototype.writeHead = function writeHead(this: ServerResponse, ...args: readonly unknown[]) {
  if (this.sendDate && !this.hasHeader('date')) this.setHeader('date', new Date().toUTCString());
  return Reflect.apply(writeRealHead, this, args);
};

function readShift(): number {
  try {
    return Number(readFileSync(String(process.env.MOVED_CLOCK_FILE), 'utf8'));
  } catch {
    return 0;
  }
}
