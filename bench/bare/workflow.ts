import { condition, proxyActivities, setHandler } from '@temporalio/workflow';
import type * as activities from './activities.ts';
import { goOnUpdate } from './contract.ts';

const { doNothing } = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds' });

/** The least that a durable question and answer can be: an activity, a wait for an update, an activity. */
export async function bare(): Promise<void> {
  let mayGoOn = false;
  setHandler(goOnUpdate, () => {
    mayGoOn = true;
  });
  await doNothing();
  await condition(() => mayGoOn);
  await doNothing();
}
