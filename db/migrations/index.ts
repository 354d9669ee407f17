import type { Knex } from 'knex';
import * as firstSchema from './0001-first-schema.ts';
import * as receipts from './0002-receipts.ts';
import * as enrolment from './0003-enrolment.ts';
import * as methods from './0004-methods.ts';
import * as otp from './0005-otp.ts';
import * as pinChange from './0006-pin-change.ts';
import * as pushProviders from './0007-push-providers.ts';
import * as apns from './0008-apns.ts';
import * as sms from './0009-sms.ts';
import * as events from './0010-events.ts';
import * as administration from './0011-administration.ts';
import * as callbacks from './0012-callbacks.ts';
import * as context from './0013-context.ts';
import * as onespan from './0014-onespan.ts';
import * as operations from './0015-operations.ts';
import * as pushFatigue from './0016-push-fatigue.ts';
import * as administeredTexts from './0018-administered-callbacks-and-texts.ts';
import * as retention from './0019-retention.ts';
import * as operatorConsole from './0020-console.ts';
import * as reconciliation from './0021-reconciliation.ts';

interface Migration {
  readonly name: string;
  up(knex: Knex): Promise<void>;
  down(knex: Knex): Promise<void>;
}

/**
 * In the order in which they came, which is the order in which databases that were brought up to date meanwhile have
 * applied them; numbers were given when work on each began, and only name them. A migration that was released is never
 * edited or moved: a change is a new one at the end.
 */
const MIGRATIONS: readonly Migration[] = [
  { name: '0001-first-schema', ...firstSchema },
  { name: '0002-receipts', ...receipts },
  { name: '0003-enrolment', ...enrolment },
  { name: '0004-methods', ...methods },
  { name: '0005-otp', ...otp },
  { name: '0006-pin-change', ...pinChange },
  { name: '0007-push-providers', ...pushProviders },
  { name: '0008-apns', ...apns },
  { name: '0009-sms', ...sms },
  { name: '0010-events', ...events },
  { name: '0011-administration', ...administration },
  { name: '0012-callbacks', ...callbacks },
  { name: '0013-context', ...context },
  { name: '0014-onespan', ...onespan },
  { name: '0018-administered-callbacks-and-texts', ...administeredTexts },
  { name: '0016-push-fatigue', ...pushFatigue },
  { name: '0015-operations', ...operations },
  { name: '0019-retention', ...retention },
  { name: '0020-console', ...operatorConsole },
  { name: '0021-reconciliation', ...reconciliation },
];

/** Listed by hand, so that nothing depends on which files happen to lie in a folder. */
export const migrationSource: Knex.MigrationSource<Migration> = {
  getMigrations: async () => [...MIGRATIONS],
  getMigrationName: (migration) => migration.name,
  getMigration: async (migration) => migration,
};
