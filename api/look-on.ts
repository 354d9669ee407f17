export interface LookOnOptions {
  readonly look: () => Promise<void>;
  /** From the end of a look to the next one. */
  readonly everyMs: number;
  /** Whether there is anybody to look for; asked before each look. */
  readonly isWanted: () => boolean;
  /** Hears when looks begin to fail; the next one that does not makes up for them. */
  readonly warn: (error: unknown) => void;
}

/** Looks again and again, one look at a time, and not at all while nobody wants it. */
export interface LookOn {
  /** Somebody wants it: the next look comes within this time, unless one is coming or under way already. */
  within(ms: number): void;
  stop(): void;
}

export function createLookOn({ look, everyMs, isWanted, warn }: LookOnOptions): LookOn {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let isFailing = false;

  function within(ms: number): void {
    if (timer || isStopped || !isWanted()) return;
    timer = setTimeout(async () => {
      try {
        await look();
        isFailing = false;
      } catch (error) {
        if (!isFailing) warn(error);
        isFailing = true;
      }
      timer = undefined;
      within(everyMs);
    }, ms);
  }

  return {
    within,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
