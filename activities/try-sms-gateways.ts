import type { SmsGateway, SmsMessage, SmsReceipt } from './ports.ts';

/** The last receipt, and the gateway it is from; null where there is none to ask. */
export interface TriedGateways {
  readonly receipt: SmsReceipt;
  readonly gateway: string | null;
}

/** Nobody is asked with less time than this: no gateway answers that fast. */
const LEAST_MS = 100;

/**
 * Offers a message to the gateways in their order until one takes it. A refused sender is replaced by the default one, once.
 * The next gateway is asked where the one before could not send for reasons of its own; what lies in the number or the
 * message would be no different there. A gateway that did not answer may have sent: the next one repeats the same code then.
 */
export async function tryGateways(
  gateways: readonly SmsGateway[],
  message: SmsMessage,
  options: { readonly defaultSender: string | null; readonly timeoutMs: number },
): Promise<TriedGateways> {
  const deadlineMs = Date.now() + options.timeoutMs;
  let tried: TriedGateways = { receipt: { ok: false, failure: 'misconfigured' }, gateway: null };
  for (const [index, gateway] of gateways.entries()) {
    const leftMs = deadlineMs - Date.now();
    if (index > 0 && leftMs < LEAST_MS) break;
    // Each gets an equal share of what is left, so that a silent one leaves time for the next.
    const shareMs = Math.max(1, Math.floor(leftMs / (gateways.length - index)));
    const receipt = await offer(gateway, message, options.defaultSender, shareMs);
    tried = { receipt, gateway: gateway.name };
    if (receipt.ok || receipt.failure === 'number_refused' || receipt.failure === 'message_refused') break;
  }
  return tried;
}

async function offer(
  gateway: SmsGateway,
  message: SmsMessage,
  defaultSender: string | null,
  timeoutMs: number,
): Promise<SmsReceipt> {
  const startedAtMs = Date.now();
  const first = await gateway.send(message, timeoutMs);
  const isSendersFault = !first.ok && first.failure === 'sender_refused';
  const leftMs = timeoutMs - (Date.now() - startedAtMs);
  if (!isSendersFault || defaultSender === null || message.from === defaultSender || leftMs < LEAST_MS) return first;
  return gateway.send({ ...message, from: defaultSender }, leftMs);
}
