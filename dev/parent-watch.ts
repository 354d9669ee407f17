const LOOK_EVERY_MS = 250;

/**
 * Calls back once when npm, or the shell that npm runs scripts in, is gone. The shell does not pass signals on: without
 * this, `kill` on npm would end npm alone. Does nothing where npm has not started this process.
 */
export function onNpmGone(env: NodeJS.ProcessEnv, callback: () => void): void {
  if (env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, LOOK_EVERY_MS);
  timer.unref();
}
