import type { Victim } from './victims.ts';

/** A simulated service that messages go out by. */
export interface Provider {
  /** Where it is remote-controlled, and tells what it took; no slash at its end. */
  readonly url: string;
  /** Where messages go to. */
  readonly port: number;
  readonly victim: Victim;
}

export interface Providers {
  readonly fcm: Provider;
  readonly apns: Provider;
  readonly twilio: Provider;
}
