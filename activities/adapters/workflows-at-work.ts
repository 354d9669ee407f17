import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { REDELIVER_CALLBACK_WORKFLOW, redeliveryStartOf } from '../../workflows/contract.ts';
import type { WorkflowStanding, WorkflowsAtWork } from '../ports.ts';

/** For one question to Temporal. */
const DEADLINE_MS = 5_000;

/** The workflows of this task queue's transactions, as Temporal knows them. Throws when it does not answer. */
export function createWorkflowsAtWork(client: Client, taskQueue: string): WorkflowsAtWork {
  const within = <Value>(call: () => Promise<Value>): Promise<Value> =>
    client.withDeadline(Date.now() + DEADLINE_MS, call);
  return {
    async standingOf(workflowId) {
      try {
        const { status } = await within(() => client.workflow.getHandle(workflowId).describe());
        return STANDINGS[status.name] ?? 'gone';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return 'gone';
        throw error;
      }
    },

    async redeliver(input) {
      try {
        await within(() =>
          client.workflow.start(REDELIVER_CALLBACK_WORKFLOW, { taskQueue, ...redeliveryStartOf(input) }),
        );
      } catch (error) {
        // Another run of the reconciliation, or the portal itself, was faster.
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },
  };
}

const STANDINGS: Readonly<Record<string, WorkflowStanding>> = { RUNNING: 'running', COMPLETED: 'completed' };
