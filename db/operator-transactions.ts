import type { Knex } from 'knex';
import type {
  CallbackState,
  OperatorTransactionStore,
  PushSendRow,
  SmsSendRow,
  TransactionDetail,
  TransactionEventRow,
  TransactionItem,
} from '../api/ports.ts';
import { callbackAddressOf } from '../workflows/domain/callback-address.ts';
import { rows } from './knex.ts';
import { JOIN_PUSH_CONFIGURATION } from './push-provider-of.ts';
import { ITEM_COLUMNS, transactionPageQuery } from './transaction-queries.ts';

const MAX_EVENTS = 400;
const MAX_SENDS = 50;
/** Callbacks are tried no longer. */
const CALLBACK_PATIENCE = "interval '72 hours'";
const READ_BY_PORTAL = 'PUSH_AUTH_TRANSACTION_RETRIEVED';

type DetailRow = Omit<TransactionDetail, 'callbackState'> & {
  readonly isDelivered: boolean;
  readonly isGivenUp: boolean;
};

/** What operators read of transactions: lists, and all that happened to one. */
export function createOperatorTransactionStore(database: Knex): OperatorTransactionStore {
  async function callbackStateOf(detail: DetailRow): Promise<CallbackState> {
    const { callbackUri, method, status, isDelivered, isGivenUp } = detail;
    if (callbackUri === null || method === 'sms') return 'none';
    if (isDelivered) return 'delivered';
    if (status === 'pending') return 'not_yet';
    if (isGivenUp) return 'given_up';
    const quarantined = await rows(
      database,
      'select 1 from callback_address_health where address = ? and quarantined_at is not null',
      [callbackAddressOf(callbackUri)],
    );
    return quarantined.length > 0 ? 'quarantined' : 'waiting';
  }

  return {
    async page(filter, page) {
      const { sql, bindings } = transactionPageQuery(filter, page);
      const found = await rows<TransactionItem & { createdAt: string }>(database, sql, bindings);
      return found.map(({ createdAt, ...item }) => ({ ...item, place: { createdAt, id: item.id } }));
    },

    async find(transactionId, userId) {
      const [row] = await rows<DetailRow>(
        database,
        `select ${ITEM_COLUMNS}, t.application_id as "applicationId", t.policy_version as "policyVersion",
                t.outcome, t.callback_uri as "callbackUri", d.name as "deviceName", d.platform,
                t.method = 'sms' or exists (select from sms_sends m where m.transaction_id = t.id) as "isBySms",
                ((select count(*) from push_sends p where p.transaction_id = t.id and p.step > 0)
                  + (select count(*) from sms_sends m where m.transaction_id = t.id and m.step > 0))::int as resends,
                (select max_resends from authentication_types a
                  where a.name = t.type_name and a.version = t.policy_version) as "maxResends",
                ((select count(*) from answer_attempts p where p.transaction_id = t.id)
                  + (select count(*) from sms_attempts m where m.transaction_id = t.id))::int as attempts,
                exists (select from receipts r where r.transaction_id = t.id) as "hasReceipt",
                exists (select from callback_attempts c
                         where c.transaction_id = t.id and c.failure is null) as "isDelivered",
                coalesce(t.settled_at < now() - ${CALLBACK_PATIENCE}, false) as "isGivenUp"
           from transactions t left join devices d on d.id = t.device_id
          where t.id = ? and (?::text is null or t.user_id = ?)`,
        [transactionId, userId ?? null, userId ?? null],
      );
      if (!row) return undefined;
      const { isDelivered: _delivered, isGivenUp: _givenUp, ...detail } = row;
      return { ...detail, callbackState: await callbackStateOf(row) };
    },

    async readHistory(transactionId) {
      const [events, pushes, sms] = await Promise.all([
        rows<TransactionEventRow>(
          database,
          `select name, floor(extract(epoch from occurred_at) * 1000)::float8 as "occurredAtMs",
                  agent_user as "agentUser", details
             from ((select * from events where transaction_id = ? and name <> '${READ_BY_PORTAL}'
                     order by id limit ${MAX_EVENTS})
                   union all
                   (select * from events where transaction_id = ? and name = '${READ_BY_PORTAL}'
                     order by id limit 1)) told
            order by id`,
          [transactionId, transactionId],
        ),
        rows<PushSendRow>(
          database,
          `select s.step, s.provider_message_id as "providerMessageId", c.provider, c.name as configuration
             from push_sends s join transactions t on t.id = s.transaction_id ${JOIN_PUSH_CONFIGURATION}
            where s.transaction_id = ? order by s.step limit ${MAX_SENDS}`,
          [transactionId],
        ),
        rows<SmsSendRow>(
          database,
          `select step, gateway, provider_message_id as "providerMessageId", delivery_code as "deliveryCode",
                  delivery_times as "deliveryTimes"
             from sms_sends where transaction_id = ? order by step limit ${MAX_SENDS}`,
          [transactionId],
        ),
      ]);
      return { events, pushes, sms };
    },

    async noteAction(transactionId, { event, when, author, reason }) {
      const { clientId, operator } = author;
      const details = { ...(operator !== undefined && { operator }), ...(reason !== undefined && { reason }) };
      const [row] = await rows<{ isPending: boolean; callbackUri: string | null }>(
        database,
        `with noted as (
           insert into events (name, transaction_id, user_id, client_id, agent_user, details)
           select ?, id, user_id, ?, ?, ?::jsonb from transactions
            where id = ? and (status = 'pending') = ?::boolean
         )
         select status = 'pending' as "isPending", callback_uri as "callbackUri" from transactions where id = ?`,
        [
          ...[event, clientId ?? null, operator ?? null, JSON.stringify(details)],
          ...[transactionId, when === 'pending', transactionId],
        ],
      );
      return row;
    },

    async findReceipt(transactionId, userId) {
      const [row] = await rows<{ isPending: boolean; receipt: string | null }>(
        database,
        `select t.status = 'pending' as "isPending", r.receipt
           from transactions t left join receipts r on r.transaction_id = t.id
          where t.id = ? and (?::text is null or t.user_id = ?)`,
        [transactionId, userId ?? null, userId ?? null],
      );
      return row;
    },
  };
}
