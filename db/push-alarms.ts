import type { Knex } from 'knex';
import type { PushAlarm } from '../activities/ports.ts';
import { rows } from './knex.ts';

const NOT_AGAIN_FOR_SECONDS = 60;

/**
 * Writes the event of an alarm, unless there was one for this configuration within the last minute, from whichever
 * worker. Returns the configuration's name where it was written.
 */
export async function recordPushAlarm(
  database: Knex,
  { pushConfigurationId, failure, providerCode }: PushAlarm,
): Promise<string | undefined> {
  const [row] = await rows<{ name: string }>(
    database,
    `with alarmed as (
       update push_configurations set alarmed_at = now()
        where id = ?::uuid and (alarmed_at is null or alarmed_at <= now() - make_interval(secs => ?))
       returning name, provider
     ), told as (
       insert into events (name, details)
       select 'PUSH_CONFIGURATION_ALARM',
              ?::jsonb || jsonb_build_object('configuration', name, 'provider', provider) from alarmed
     )
     select name from alarmed`,
    [pushConfigurationId, NOT_AGAIN_FOR_SECONDS, JSON.stringify({ failure, ...(providerCode && { providerCode }) })],
  );
  return row?.name;
}
