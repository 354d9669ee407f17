import type { Knex } from 'knex';
import { createCallbackSender } from '../activities/adapters/callback-sender.ts';
import { createPushSenders } from '../activities/adapters/push-senders.ts';
import { type Activities, createActivities } from '../activities/index.ts';
import { createCallbackLog } from '../db/callback-log.ts';
import { createEnrolmentStore } from '../db/enrolments.ts';
import { createPushConfigurationStore } from '../db/push-configurations.ts';
import { createPushLog } from '../db/push-log.ts';
import { loadOrCreateServerKey } from '../db/server-keys.ts';
import { createTransactionStore } from '../db/transactions.ts';
import { challengeNonceOf } from '../runtime/challenge-nonce.ts';
import type { WorkerConfig } from '../runtime/config.ts';
import { createServerPgp, generateServerKey } from '../runtime/openpgp.ts';

/** The composition root: configuration and a database in, activities out. `close` ends what they hold open. */
export async function wireActivities(
  config: WorkerConfig,
  database: Knex,
): Promise<{ activities: Activities; close(): Promise<void> }> {
  const keyring = config.ENCRYPTION_KEYS;
  const pushSender = createPushSenders(createPushConfigurationStore(database, keyring), config.PUSH_TIMEOUT_MS);
  const callbackSender = createCallbackSender({ allowedNetworks: config.CALLBACK_ALLOWED_NETWORKS });
  const serverPgp = await createServerPgp(await loadOrCreateServerKey(database, keyring, generateServerKey));
  const activities = createActivities({
    transactions: createTransactionStore(database, keyring),
    pushLog: createPushLog(database, keyring),
    pushSender,
    enrolments: createEnrolmentStore(database, keyring),
    answerOpener: serverPgp,
    challengeNonces: {
      nonceFor: (transactionId, enrolmentId) => challengeNonceOf(keyring, transactionId, enrolmentId),
    },
    callbackSender,
    callbackLog: createCallbackLog(database),
    callbackTimeoutMs: config.CALLBACK_TIMEOUT_SECONDS * 1_000,
  });
  return {
    activities,
    async close() {
      await Promise.all([pushSender.close(), callbackSender.close()]);
    },
  };
}
