import { z } from 'zod';
import type { OperatorConsole } from '../../console/operator-console.ts';
import { actionsOf } from '../../permissions.ts';
import type { ConsoleSession } from '../../ports.ts';

const text = z.string();

/** What a page is told of the operator who is logged in. */
export const sessionView = z.object({
  operator: text,
  scopes: z.array(text),
  actions: z.array(text).describe('What the operator may do.'),
  temporalUiUrl: text.nullable().describe('Of the namespace; `/workflows/transaction:{id}` goes behind it.'),
  expiresAtMs: z.number().describe('Epoch milliseconds.'),
});

export function viewOf(
  { name, scopes, expiresAtMs }: ConsoleSession,
  { temporalUiUrl }: Pick<OperatorConsole, 'temporalUiUrl'>,
): z.infer<typeof sessionView> {
  return {
    operator: name,
    scopes: [...scopes],
    actions: [...actionsOf(scopes)],
    temporalUiUrl: temporalUiUrl ?? null,
    expiresAtMs: Math.floor(expiresAtMs),
  };
}
