import { type DemoFile, dataFolderOf, readDemoFile } from '../data-folder.ts';
import { CommandError } from './failures.ts';

/** Where the demonstration runs, as `npm start` wrote it. Throws when it was never started in this folder. */
export function requireDemo(env: NodeJS.ProcessEnv): DemoFile {
  const demo = readDemoFile(dataFolderOf(env));
  if (!demo) throw new CommandError('Countersign is not running here: start it with `npm start` first.');
  return demo;
}
