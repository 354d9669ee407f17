import type { Knex } from 'knex';
import { rows } from './knex.ts';

/** An app as it says of itself. */
export interface AppVersion {
  readonly applicationId: string;
  readonly platform: string;
  /** Undefined where it does not say. */
  readonly version: string | undefined;
}

/**
 * True when this version of the app may enrol users. An application with no versions configured takes all; one that
 * has some takes those with the status `LOGIN_REGISTRATION`.
 */
export async function mayEnrol(database: Knex, { applicationId, platform, version }: AppVersion): Promise<boolean> {
  const [row] = await rows<{ isAllowed: boolean }>(
    database,
    `select not exists (select from app_versions where application_id = ?)
            or exists (select from app_versions
                        where application_id = ? and platform = ? and version = ? and status = 'LOGIN_REGISTRATION')
         as "isAllowed"`,
    [applicationId, applicationId, platform, version ?? null],
  );
  return row?.isAllowed === true;
}

/**
 * SQL: true when the app of enrolment `e` on device `d` is served in the version it names (one binding), or named last.
 * Versions that are not configured are served where none is.
 */
export const SERVES_APP_VERSION = `(
  not exists (select from app_versions v where v.application_id = e.application_id)
  or exists (select from app_versions v
              where v.application_id = e.application_id and v.platform = d.platform
                and v.version = coalesce(?::text, e.app_version) and v.status <> 'DISABLED'))`;
