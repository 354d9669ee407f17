/** Does nothing: what is measured is what Temporal itself takes for an activity. */
export async function doNothing(): Promise<void> {}
