import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';

const PATIENCE_MS = 60_000;
const PAUSE_MS = 500;

/** Classes of SQLSTATE that no waiting puts right: the credentials, the name of the database. */
const HOPELESS = /^(28|3D)/;

/**
 * Resolves when PostgreSQL answers: a process that starts together with its database, or on a busy machine, waits for it.
 * Throws what the last attempt met after a minute, and at once where waiting is of no use.
 */
export async function untilReachable(database: Knex, warn: (message: string) => void): Promise<void> {
  const deadlineMs = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await database.raw('select 1');
      return;
    } catch (error) {
      const { code, message } = error as { code?: unknown; message?: unknown };
      if (HOPELESS.test(String(code)) || Date.now() >= deadlineMs) throw error;
      warn(`not there yet: ${message}`);
      await pause(PAUSE_MS);
    }
  }
}
