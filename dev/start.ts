/** `npm start`: the whole of Countersign on this machine, until Ctrl-C. */
import { realpathSync } from 'node:fs';
import { bannerFor } from './banner.ts';
import { bringUp } from './bring-up.ts';
import { readVariableFiles } from './child-environment.ts';
import { dataFolderOf, prepareDataFolder } from './data-folder.ts';
import { type DataLock, lockDataFolder } from './data-lock.ts';
import { onNpmGone } from './parent-watch.ts';
import { StartError } from './start-error.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';

async function main(): Promise<void> {
  // Who reads our lines may leave (`npm start | head`); what runs goes on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  // Whatever is written, by the servers too, is for this user alone.
  process.umask(0o077);
  const say = (line: string): void => console.log(line);
  prepareDataFolder(dataFolderOf(process.env));
  const dataDir = realpathSync(dataFolderOf(process.env));
  const locking = await lockDataFolder(dataDir, say);
  if (!locking.ok) {
    console.error(
      `Countersign runs already in ${dataDir} (${locking.holder}). Stop that one first, or give this one a folder of its ` +
        'own: COUNTERSIGN_DATA=<folder> npm start',
    );
    process.exitCode = 1;
    return;
  }

  const supervisor = createSupervisor(say);
  const end = endsOnce(supervisor, locking.lock);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal, 0));
  onNpmGone(process.env, () => end('npm is gone', 0));
  process.on('uncaughtException', (error) => {
    console.error(error);
    end('a fault of our own', 1);
  });

  const startedAtMs = Date.now();
  say(`Countersign starts; its data are in ${dataDir}`);
  try {
    const env = readVariableFiles(process.env);
    const broughtUp = await bringUp(dataDir, env, supervisor);
    say(bannerFor(broughtUp, dataDir, env, (Date.now() - startedAtMs) / 1_000));
  } catch (error) {
    if (supervisor.signal.aborted) return;
    console.error(`\n${explain(error)}`);
    end('the start failed', 1);
  }
}

/** The first reason counts: npm passes a Ctrl-C on that the terminal has sent already. */
function endsOnce(supervisor: Supervisor, lock: DataLock): (reason: string, exitCode: number) => void {
  let ending = false;
  return (reason, exitCode) => {
    if (ending) return;
    ending = true;
    lock.announceEnd();
    supervisor.say(`\nStopping everything (${reason})`);
    void supervisor.stop().then(() => {
      lock.release();
      supervisor.say('Stopped');
      process.exit(exitCode);
    });
  };
}

/** What the reader can put right is said plainly; anything else comes with where it happened. */
function explain(error: unknown): string {
  const lines: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const isExplained = cause instanceof StartError || cause.cause instanceof Error;
    lines.push(isExplained ? cause.message : (fileProblem(cause) ?? cause.stack ?? cause.message));
    if (cause instanceof StartError) break;
  }
  return lines.join('\n  because: ');
}

function fileProblem(error: NodeJS.ErrnoException): string | undefined {
  if (error.path === undefined) return undefined;
  if (error.code !== 'EACCES') return error.message;
  return (
    `${error.path} is not for this user to read or write. Was Countersign started here as root? ` +
    'Then start it so again, or give it a folder of its own: COUNTERSIGN_DATA=<folder> npm start'
  );
}

try {
  await main();
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
