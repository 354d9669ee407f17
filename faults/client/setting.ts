import type { Random } from '../random.ts';
import type { Recorder } from '../record.ts';
import type { Stage, TYPES } from '../stage.ts';
import type { Phone } from './phone.ts';

/** Everything one client of the run works with. */
export interface ClientSetting {
  readonly name: string;
  /** 0 and up; no two clients have the same. */
  readonly index: number;
  readonly stage: Stage;
  readonly recorder: Recorder;
  readonly random: Random;
  readonly callbackUri: string;
  /** Another client's phone, which must never be heard. */
  readonly foreignPhone: () => Phone | undefined;
  /** Uses up its attempts, answers too late, or sends a wrong answer twice, first of all: every run has seen that then. */
  readonly beginsWith: 'burst' | 'late' | 'lost' | 'anything';
  readonly publish: (phone: Phone) => void;
  /** Aborted when the run is over: nothing new is begun. */
  readonly signal: AbortSignal;
}

export type TypeKey = keyof typeof TYPES;

/** A transaction of a client's, as its begin was told. */
export interface Begun {
  readonly transactionId: string;
  /** Who was asked; of nobody with `otp`. */
  readonly userId: string;
  readonly type: TypeKey;
  /** By which it went out: `push`, `otp` or `sms`. */
  readonly by: string;
  /** For a phone to read; with `otp`. */
  readonly otp: string;
  /** Of this transaction alone; with the types that may go by SMS. */
  readonly phoneNumber: string | undefined;
}
