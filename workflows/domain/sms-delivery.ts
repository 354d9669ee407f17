/** What becomes of an SMS after the gateway took it. */

export type DeliveryStage = 'accepted' | 'queued' | 'sending' | 'sent' | 'delivered' | 'undelivered' | 'failed';

/** A report moves a message forward only: reports overtake each other on their way. The last three are ends. */
export const DELIVERY_RANKS: Readonly<Record<DeliveryStage, number>> = {
  accepted: 1,
  queued: 2,
  sending: 3,
  sent: 4,
  delivered: 5,
  undelivered: 5,
  failed: 5,
};

/** The stage by this name; undefined for what a gateway may tell beside them. */
export function deliveryStageOf(name: unknown): DeliveryStage | undefined {
  return typeof name === 'string' && Object.hasOwn(DELIVERY_RANKS, name) ? (name as DeliveryStage) : undefined;
}

/** The event of a message that has arrived, or never will; null on the way. */
export function deliveryEventOf(stage: DeliveryStage): 'SMS_DELIVERED' | 'SMS_DELIVERY_FAILED' | null {
  if (stage === 'delivered') return 'SMS_DELIVERED';
  return stage === 'undelivered' || stage === 'failed' ? 'SMS_DELIVERY_FAILED' : null;
}
