import { isCancellation, TemporalFailure } from '@temporalio/workflow';

/**
 * Whether a step was tried as often as it may be, and failed. Only a regular activity wraps what failed: a local one gives
 * the failure of its last try, or that its time was up, as it is. What is not caught ends the workflow, and nobody ends the
 * transaction then.
 */
export function isStepFailure(error: unknown): boolean {
  return error instanceof TemporalFailure && !isCancellation(error);
}
