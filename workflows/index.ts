/** What the worker bundles; the export's name is the stored name of the workflow. */
export { authenticate } from './authenticate.ts';
export { reconciliation } from './reconciliation.ts';
export { redeliverCallback } from './redeliver-callback.ts';
export { retention } from './retention.ts';
