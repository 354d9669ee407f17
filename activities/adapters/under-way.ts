/** Work that was begun and has not ended, so that whoever closes may wait for it. */
export interface UnderWay<Result> {
  /** The same work, counted until it ends. */
  track(work: Promise<Result>): Promise<Result>;
  /** Resolves when all that is under way now has ended, well or not. */
  ended(): Promise<unknown>;
}

export function createUnderWay<Result>(): UnderWay<Result> {
  const works = new Set<Promise<Result>>();
  return {
    track(work) {
      works.add(work);
      return work.finally(() => works.delete(work));
    },
    ended: () => Promise.allSettled(works),
  };
}
