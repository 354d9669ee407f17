/**
 * Does the work for each of these, so many at once; the results in their order. The first failure ends it, when those under
 * way have ended.
 */
export async function inParallel<Item, Value>(
  items: readonly Item[],
  atOnce: number,
  signal: AbortSignal,
  work: (item: Item) => Promise<Value>,
): Promise<readonly Value[]> {
  const results: Value[] = [];
  const failed = new AbortController();
  let next = 0;
  async function goOn(): Promise<void> {
    while (next < items.length) {
      signal.throwIfAborted();
      if (failed.signal.aborted) return;
      const index = next;
      next += 1;
      try {
        results[index] = await work(items[index] as Item);
      } catch (error) {
        failed.abort();
        throw error;
      }
    }
  }
  const workers = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, goOn));
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
  return results;
}
