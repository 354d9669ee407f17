import type { temporal } from '@temporalio/proto';
// A CommonJS package whose names Node can not see: only its default can be imported.
import proto from '@temporalio/proto';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

const { EventType } = proto.temporal.api.enums.v1;

/** One Action for each of these. */
const ONE_EACH: ReadonlySet<number> = new Set([
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
  // Update-with-start writes a start and an accepted update: 2 in all.
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
  EventType.EVENT_TYPE_TIMER_STARTED,
  EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
]);

/** These only tell how something that is counted elsewhere went on. */
const FREE: ReadonlySet<number> = new Set([
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ADMITTED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
  EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT,
  EventType.EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_CANCELED,
  EventType.EVENT_TYPE_TIMER_FIRED,
  EventType.EVENT_TYPE_TIMER_CANCELED,
]);

/**
 * Actions that Temporal Cloud would charge for one workflow, by the published rule
 * (https://docs.temporal.io/evaluate/cloud/actions): its start 1; each update and each signal 1; each timer 1; each
 * change of search attributes 1; each attempt of an activity 1; all local activities of one workflow task together 1.
 * What leaves no event is not counted: queries (1 each), refused updates (1 each), heartbeats of activities, and of
 * workflow tasks. Throws for an event that no rule here covers, rather than call it free.
 */
export function countCloudActions(events: readonly HistoryEvent[]): number {
  const tasksWithMarkers = new Set<string>();
  let actions = 0;
  for (const event of events) {
    const type = event.eventType ?? EventType.EVENT_TYPE_UNSPECIFIED;
    if (ONE_EACH.has(type)) actions += 1;
    else if (type === EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED) {
      // Written once, when the attempts are over; it carries the number of the last one.
      actions += event.activityTaskStartedEventAttributes?.attempt ?? 1;
    } else if (type === EventType.EVENT_TYPE_MARKER_RECORDED) {
      tasksWithMarkers.add(String(event.markerRecordedEventAttributes?.workflowTaskCompletedEventId));
    } else if (!FREE.has(type)) {
      throw new Error(`no rule says how many Actions ${EventType[type] ?? type} costs`);
    }
  }
  return actions + tasksWithMarkers.size;
}
