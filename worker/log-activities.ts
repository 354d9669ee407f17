import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { withLogContext } from '../runtime/log-context.ts';

/** Every line that is logged within an activity names its workflow, and so its transaction. */
export const logActivitiesOf: ActivityInterceptorsFactory = (context) => ({
  inbound: {
    execute: (input, next) =>
      withLogContext({ workflowId: context.info.workflowExecution?.workflowId ?? 'none' }, () => next(input)),
  },
});
