import { setTimeout as delay } from 'node:timers/promises';
import { DeviceError, type PendingTransaction } from '../../../sdk/index.ts';
import { CommandError, describeFailure, PortalRefusal } from '../failures.ts';
import { type PhoneContext, requireEnrolment } from './phone-context.ts';
import { providerFor, type SimulatedProvider } from './simulated-provider.ts';

const RECONNECT_AFTER_MS = 1_000;
/** A provider that is away for longer is not coming back by itself. */
const GIVE_UP_AFTER_MS = 60_000;

/** A transaction that came to this phone: by push, or because it was waiting on the server. */
export interface Arrival {
  readonly by: 'push' | 'pending';
  readonly transaction: PendingTransaction;
}

/**
 * Everything that comes to this phone: first what waits already, then each push as it arrives, a repeated one too.
 * After a break of the connection it asks the server again, so that nothing is missed.
 * Ends only by throwing: when provider or server stay away for a minute.
 */
export async function* watchArrivals(phone: PhoneContext, pushToken: string): AsyncGenerator<Arrival, never> {
  let failingSinceMs: number | undefined;
  for (;;) {
    try {
      for await (const arrival of watchUntilBroken(phone, pushToken)) {
        failingSinceMs = undefined;
        if (arrival) yield arrival;
      }
    } catch (error) {
      if (!mayPass(error)) throw error;
      if (failingSinceMs === undefined) {
        phone.output.note(`${describeFailure(error).message} Trying again for a minute.`);
      }
      failingSinceMs ??= performance.now();
      if (performance.now() - failingSinceMs > GIVE_UP_AFTER_MS) throw error;
    }
    await delay(RECONNECT_AFTER_MS);
  }
}

function mayPass(error: unknown): boolean {
  if (error instanceof PortalRefusal) return error.status >= 500;
  if (!(error instanceof DeviceError)) return error instanceof CommandError;
  return error.code === 'network_failed' || error.code === 'server_unreachable' || (error.status ?? 0) >= 500;
}

/** Undefined says that the connection holds. */
async function* watchUntilBroken(phone: PhoneContext, pushToken: string): AsyncGenerator<Arrival | undefined> {
  const { device } = await requireEnrolment(phone);
  const provider = providerFor(device.platform, phone.demo);
  // Before the list, so that a push that comes between the two is not missed.
  let after = await latestSequence(provider, pushToken);
  for (const transaction of [...(await phone.client.pending())].reverse()) yield { by: 'pending', transaction };
  for (;;) {
    const pushes = await provider.receive(pushToken, after, { wait: true });
    yield undefined;
    for (const { sequence, data } of pushes) {
      after = Math.max(after, sequence);
      if (phone.client.canHandlePush(data)) yield { by: 'push', transaction: phone.client.pendingFromPush(data) };
    }
  }
}

async function latestSequence(provider: SimulatedProvider, pushToken: string): Promise<number> {
  let latest = 0;
  for (;;) {
    const pushes = await provider.receive(pushToken, latest, { wait: false });
    if (pushes.length === 0) return latest;
    latest = Math.max(latest, ...pushes.map(({ sequence }) => sequence));
  }
}
