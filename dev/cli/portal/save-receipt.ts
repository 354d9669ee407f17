import { writeFile } from 'node:fs/promises';
import { CommandError } from '../failures.ts';
import type { PortalContext } from './portal-context.ts';

/**
 * Fetches the receipt of a transaction that has ended, and saves it with the key set that verifies it.
 * Throws {@link CommandError} when the file can not be written.
 */
export async function saveReceipt({ api, output }: PortalContext, transactionId: string, path: string): Promise<void> {
  const [receipt, jwks] = await Promise.all([api.receipt(transactionId), api.keySet()]);
  try {
    await writeFile(path, `${JSON.stringify({ receipt, jwks }, undefined, 2)}\n`);
  } catch (cause) {
    throw new CommandError(`${path} can not be written: ${(cause as Error).message}`, { cause });
  }
  output.event({ event: 'receipt', transaction_id: transactionId, file: path }, `Receipt in ${path}.`);
}
