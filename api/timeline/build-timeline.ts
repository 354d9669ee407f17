import type { LoggedCallback, PushSendRow, SmsSendRow, TransactionEventRow, TransactionHistory } from '../ports.ts';
import { type TimelineKind, wordsOf } from './event-words.ts';

const MAX_ENTRIES = 500;

/** One thing that happened to a transaction. */
export interface TimelineEntry {
  /** Epoch ms, whole. */
  readonly atMs: number;
  readonly kind: TimelineKind;
  readonly title: string;
  /** Nothing secret. */
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * What happened to a transaction, oldest first: its events, with who the provider or gateway was, how far each SMS came,
 * and every attempt to call the portal back. Of more than 500 the first ones are told.
 */
export function buildTimeline(history: TransactionHistory, callbacks: readonly LoggedCallback[]): TimelineEntry[] {
  const entries = [
    ...history.events.flatMap((event) => entryOfEvent(event, history)),
    ...history.sms.flatMap(deliveriesOf),
    ...callbacks.map(entryOfCallback),
  ];
  // Of what happened at one moment the order stays as it was written.
  return entries.sort((one, other) => one.atMs - other.atMs).slice(0, MAX_ENTRIES);
}

function entryOfEvent({ name, occurredAtMs, agentUser, details }: TransactionEventRow, history: TransactionHistory) {
  const words = wordsOf(name);
  if (!words) return [];
  const who = agentUser === null ? {} : { operator: agentUser };
  const all = { ...details, ...who, ...sentBy(words.kind, details?.step, history) };
  return [{ atMs: occurredAtMs, ...words, details: all } satisfies TimelineEntry];
}

/** Who was to bring the message of this step, and the id it has there. */
function sentBy(kind: TimelineKind, step: unknown, { pushes, sms }: TransactionHistory): Record<string, unknown> {
  if (kind === 'push') return shownOf(pushes.find((push) => push.step === step));
  return kind === 'sms' ? shownOf(sms.find((message) => message.step === step)) : {};
}

function shownOf(send: PushSendRow | SmsSendRow | undefined): Record<string, unknown> {
  if (!send) return {};
  const shown =
    'gateway' in send
      ? { gateway: send.gateway, providerMessageId: send.providerMessageId }
      : { provider: send.provider, configuration: send.configuration, providerMessageId: send.providerMessageId };
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== null));
}

/** Where a message was lost an event tells it already, with why. */
function deliveriesOf({ step, gateway, deliveryTimes }: SmsSendRow): TimelineEntry[] {
  return Object.entries(deliveryTimes)
    .filter(([stage]) => stage !== 'undelivered' && stage !== 'failed')
    .map(([stage, at]) => ({
      atMs: Math.floor(Date.parse(at)),
      kind: 'sms',
      title: `SMS ${stage}, as the gateway reports`,
      details: { step, stage, ...(gateway !== null && { gateway }) },
    }));
}

function entryOfCallback({ startedAtMs, durationMs, httpStatus, failure, delivery, number }: LoggedCallback) {
  return {
    atMs: Math.floor(startedAtMs),
    kind: 'callback',
    title: failure === null ? 'The portal took the callback' : 'The portal did not take the callback',
    details: {
      ...{ delivery, number, durationMs },
      ...(httpStatus !== null && { httpStatus }),
      ...(failure !== null && { failure }),
    },
  } satisfies TimelineEntry;
}
