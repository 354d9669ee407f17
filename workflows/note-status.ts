import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { SEARCH_ATTRIBUTES } from './domain/search-attributes.ts';
import type { TransactionState } from './domain/transaction.ts';

/** Keeps the status that a transaction is found by up to date, where it was begun with one; costs an event there. */
export function noteStatus({ status }: TransactionState): void {
  const { typedSearchAttributes } = workflowInfo();
  const pair = typedSearchAttributes.getAll().find(({ key }) => key.name === SEARCH_ATTRIBUTES.status);
  if (pair?.key.type === 'KEYWORD') upsertSearchAttributes([{ key: pair.key, value: status }]);
}
