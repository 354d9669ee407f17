import type { Keyring } from '../runtime/keyring.ts';
import type { Logger } from '../runtime/logger.ts';
import type { ServerPgp } from '../runtime/openpgp.ts';
import type {
  ApiClientStore,
  ApiEnrolmentStore,
  ApiTransactionStore,
  AuthenticationTypeStore,
  TicketStore,
} from './ports.ts';
import type { Transactions } from './transactions.ts';

/** Everything the routes work with, put together in main.ts. */
export interface ApiDependencies {
  readonly logger: Logger;
  readonly keyring: Keyring;
  readonly serverPgp: ServerPgp;
  readonly clients: ApiClientStore;
  readonly types: AuthenticationTypeStore;
  readonly tickets: TicketStore;
  readonly enrolments: ApiEnrolmentStore;
  readonly records: ApiTransactionStore;
  readonly transactions: Transactions;
  /** Resolves when PostgreSQL answers; rejects otherwise. */
  pingDatabase(): Promise<void>;
  isTemporalUp(): boolean;
  readonly settings: {
    readonly publicUrl: string;
    readonly maxConcurrentRequests: number;
    readonly messageMaxLength: number;
    readonly transactionMaxSeconds: number;
  };
}
