import proto from '@temporalio/proto';
import { countCloudActions } from '../../bench/cloud-actions.ts';

const { EventType } = proto.temporal.api.enums.v1;
type Event = Parameters<typeof countCloudActions>[0][number];
type TypeName = keyof typeof EventType extends infer Name
  ? Name extends `EVENT_TYPE_${infer Short}`
    ? Short
    : never
  : never;

const event = (name: TypeName, attributes: Partial<Event> = {}): Event => ({
  eventType: EventType[`EVENT_TYPE_${name}`],
  ...attributes,
});
const marker = (task: number): Event =>
  event('MARKER_RECORDED', { markerRecordedEventAttributes: { workflowTaskCompletedEventId: task as never } });
const attempts = (attempt: number): Event =>
  event('ACTIVITY_TASK_STARTED', { activityTaskStartedEventAttributes: { attempt } });
const workflowTask = [
  event('WORKFLOW_TASK_SCHEDULED'),
  event('WORKFLOW_TASK_STARTED'),
  event('WORKFLOW_TASK_COMPLETED'),
];

describe('Temporal Cloud actions', () => {
  it('are 1 for a start, and 2 for a start with an update', () => {
    const start = [event('WORKFLOW_EXECUTION_STARTED'), ...workflowTask];
    expect(countCloudActions(start)).toBe(1);
    const update = [event('WORKFLOW_EXECUTION_UPDATE_ACCEPTED'), event('WORKFLOW_EXECUTION_UPDATE_COMPLETED')];
    expect(countCloudActions([...start, ...update])).toBe(2);
  });

  it('are 1 for each signal and each timer, however the timer ends', () => {
    expect(countCloudActions([event('WORKFLOW_EXECUTION_SIGNALED'), event('WORKFLOW_EXECUTION_SIGNALED')])).toBe(2);
    expect(countCloudActions([event('TIMER_STARTED'), event('TIMER_CANCELED')])).toBe(1);
    expect(countCloudActions([event('TIMER_STARTED'), event('TIMER_FIRED')])).toBe(1);
  });

  it('are 1 for each attempt of an activity', () => {
    const [scheduled, completed] = [event('ACTIVITY_TASK_SCHEDULED'), event('ACTIVITY_TASK_COMPLETED')];
    expect(countCloudActions([scheduled, attempts(1), completed])).toBe(1);
    expect(countCloudActions([scheduled, attempts(4), completed])).toBe(4);
    expect(countCloudActions([scheduled])).toBe(0);
  });

  it('are 1 for all local activities of one workflow task together', () => {
    expect(countCloudActions([marker(4), marker(4), marker(4)])).toBe(1);
    expect(countCloudActions([marker(4), marker(4), marker(11)])).toBe(2);
  });

  it('are added up over a whole transaction', () => {
    const begin = [event('WORKFLOW_EXECUTION_STARTED'), ...workflowTask, event('WORKFLOW_EXECUTION_UPDATE_ACCEPTED')];
    const handedOver = [marker(4), marker(4), event('TIMER_STARTED'), event('WORKFLOW_EXECUTION_UPDATE_COMPLETED')];
    const answer = [...workflowTask, event('WORKFLOW_EXECUTION_UPDATE_ACCEPTED'), marker(13), marker(13), marker(13)];
    const end = [event('WORKFLOW_EXECUTION_UPDATE_COMPLETED'), event('WORKFLOW_EXECUTION_COMPLETED')];
    expect(countCloudActions([...begin, ...handedOver, ...answer, event('TIMER_CANCELED'), ...end])).toBe(6);
  });

  it('are not guessed for an event that no rule covers', () => {
    expect(() => countCloudActions([event('NEXUS_OPERATION_SCHEDULED')])).toThrow(
      'EVENT_TYPE_NEXUS_OPERATION_SCHEDULED',
    );
    expect(() => countCloudActions([{}])).toThrow('EVENT_TYPE_UNSPECIFIED');
  });
});
