import { isRefusal, stagesOf } from '../../../workflows/domain/stages.ts';
import type { StageRow } from '../../ports.ts';

/** One message of a stream of server-sent events; `id` is what `Last-Event-ID` resumes after. */
export interface StageMessage {
  readonly eventId: number;
  /** Several stages may come of one event. */
  readonly part: number;
  readonly text: string;
}

/** A place in a stream. */
export interface StagePlace {
  readonly eventId: number;
  readonly part: number;
}

/** The messages of one event, in order. */
export function messagesOf(row: StageRow): StageMessage[] {
  return stagesOf(row.eventName).map((stage, part) => {
    const data = {
      stage,
      at: Math.round(row.occurredAtMs),
      ...(stage === 'settled' && { status: row.status }),
      ...(isRefusal(row.eventName) && { refused: true }),
    };
    const text = `id: ${row.eventId}-${part}\nevent: stage\ndata: ${JSON.stringify(data)}\n\n`;
    return { eventId: row.eventId, part, text };
  });
}

/** Reads `Last-Event-ID`; the beginning for what is none of ours. */
export function readPlace(lastEventId: string | undefined): StagePlace {
  const [, eventId, part] = /^(\d{1,15})-(\d)$/.exec(lastEventId ?? '') ?? [];
  return eventId === undefined ? { eventId: 0, part: 0 } : { eventId: Number(eventId), part: Number(part) };
}

/** True for what comes after a place. */
export function isAfter(message: StagePlace, place: StagePlace): boolean {
  return message.eventId > place.eventId || (message.eventId === place.eventId && message.part > place.part);
}
