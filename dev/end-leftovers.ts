import { endLeftoverPostgres } from './embedded-postgres.ts';
import { endLeftoverNodeProcess } from './node-process.ts';
import type { Say } from './supervisor.ts';
import { endLeftoverTemporal } from './temporal-server.ts';

/** Ends what a run that was killed left behind in this folder, so that its ports and files are free again. */
export async function endLeftovers(dataDir: string, say: Say): Promise<void> {
  const ended: string[] = [];
  const endIfThere = async (name: string, end: Promise<boolean>): Promise<void> => {
    if (await end) ended.push(name);
  };
  await Promise.all(
    ['api', 'worker', 'simulator', 'twilio', 'apns'].map((name) =>
      endIfThere(name, endLeftoverNodeProcess(name, dataDir)),
    ),
  );
  await Promise.all([
    endIfThere('Temporal', endLeftoverTemporal(dataDir)),
    endIfThere('PostgreSQL', endLeftoverPostgres(dataDir)),
  ]);
  if (ended.length > 0) say(`An earlier run was killed; what it left behind is ended (${ended.join(', ')})`);
}
