import { useEffect, useRef } from 'react';

/**
 * Does `work` now and again, one run at a time, `everyMs` after the last one has ended, for as long as `isOn`. `work` must
 * not throw.
 */
export function usePoll(work: () => Promise<void>, everyMs: number, isOn = true): void {
  const latest = useRef(work);
  latest.current = work;
  useEffect(() => {
    if (!isOn) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const run = async (): Promise<void> => {
      await latest.current();
      if (!isOver) timer = setTimeout(() => void run(), everyMs);
    };
    void run();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [everyMs, isOn]);
}
