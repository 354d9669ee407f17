import type { CallbackPortal } from '../callback-portal.ts';
import type { Random } from '../random.ts';
import type { Stage } from '../stage.ts';

/** What a fault may lay hands on. */
export interface Battlefield {
  readonly stage: Stage;
  readonly callbacks: CallbackPortal;
  readonly random: Random;
  wait(ms: number): Promise<void>;
}

/** Does its harm, and resolves when the harm is undone. */
export type Fault = (field: Battlefield) => Promise<void>;
