import { defineUpdate } from '@temporalio/workflow';

/** Name of the workflow that is the yardstick. */
export const BARE_WORKFLOW = 'bare';

export const goOnUpdate = defineUpdate<void, []>('goOn');
