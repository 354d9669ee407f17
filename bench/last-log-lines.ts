import { readFile } from 'node:fs/promises';
import { pathsIn } from '../dev/data-folder.ts';

const LINES = 15;

/** The ends of these logs, to be shown before the folder they are in is removed. Empty for those that were never begun. */
export async function lastLogLines(dataDir: string, names: readonly string[]): Promise<string[]> {
  const logs = await Promise.all(
    names.map(async (name) => {
      const lines = (await readLog(pathsIn(dataDir).log(name))).trimEnd().split('\n').slice(-LINES);
      return lines[0] === '' ? [] : [`--- end of the log of ${name}`, ...lines];
    }),
  );
  return logs.flat();
}

async function readLog(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
