import type { Knex } from 'knex';
import type { ReceiptStore } from '../api/ports.ts';
import { rows } from './knex.ts';

/** The API's side of receipts: what portals may read, and the public half of the key that signed. */
export function createReceiptStore(database: Knex): ReceiptStore {
  return {
    async findForClient(transactionId, clientId) {
      const [row] = await rows<{ isPending: boolean; receipt: string | null }>(
        database,
        `select t.status = 'pending' as "isPending", r.receipt
           from transactions t left join receipts r on r.transaction_id = t.id
          where t.id = ? and t.client_id = ?`,
        [transactionId, clientId],
      );
      return row;
    },

    async listEvidenceKeys() {
      const found = await rows<{ publicKey: string }>(
        database,
        `select public_key as "publicKey" from server_keys where purpose = 'evidence'
          order by retired_at desc nulls first limit 100`,
        [],
      );
      return found.map(({ publicKey }) => publicKey);
    },
  };
}
