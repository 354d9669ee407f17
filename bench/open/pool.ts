/** Things of which each is used by one at a time; whoever comes when all are in use waits in line. */
export interface Pool<Item> {
  /** Runs `work` with one that is free, and gives it back afterwards. */
  use<Value>(work: (item: Item) => Promise<Value>): Promise<Value>;
}

export function createPool<Item>(items: readonly Item[]): Pool<Item> {
  const free = [...items];
  const line: ((item: Item) => void)[] = [];

  function giveBack(item: Item): void {
    const next = line.shift();
    if (next) next(item);
    else free.push(item);
  }

  return {
    async use(work) {
      // The one that was free longest, so that all are used alike.
      const item = free.shift() ?? (await new Promise<Item>((resolve) => line.push(resolve)));
      try {
        return await work(item);
      } finally {
        giveBack(item);
      }
    },
  };
}
