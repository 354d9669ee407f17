import { useEffect } from 'react';

/** Forms that hold something that is not saved. */
let unsaved = 0;

/** Asks before something that is not saved is left; true where there is nothing of the kind. */
export function mayLeave(): boolean {
  return unsaved === 0 || confirm('What you have changed here is not saved. Leave it?');
}

/** Has whoever leaves asked first while something is not saved. */
export function useLeaveWarning(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', warn);
    unsaved += 1;
    return () => {
      removeEventListener('beforeunload', warn);
      unsaved -= 1;
    };
  }, [isUnsaved]);
}
