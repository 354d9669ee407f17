import { type Client, isGrpcServiceError } from '@temporalio/client';
import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { Logger } from '../runtime/logger.ts';
import type { AuthenticateInput } from '../workflows/contract.ts';
import { SEARCH_ATTRIBUTES, searchAttributesOf } from '../workflows/domain/search-attributes.ts';

/** What makes transactions findable in Temporal; no begin ever waits for it, or fails of it. */
export interface SearchAttributes {
  /** Undefined while Temporal does not know these attributes, and where they are not wanted. */
  of(input: AuthenticateInput): TypedSearchAttributes | undefined;
  /** A begin was refused with them: one of Temporal's servers does not know them yet. */
  refused(): void;
  stop(): void;
}

export const NO_SEARCH_ATTRIBUTES: SearchAttributes = { of: () => undefined, refused: () => {}, stop: () => {} };

const KEYWORD = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;
const CALL_TIMEOUT_MS = 5_000;
const AGAIN_AFTER_MS = 30_000;
/** gRPC's code for what exists already, which Temporal gives older callers. */
const ALREADY_EXISTS = 6;

/**
 * Registers the attributes with Temporal, as often as it is done, and uses them from then on. Where that is not allowed
 * (Temporal Cloud takes them by its own console) they are used as soon as they are there.
 */
export function registerSearchAttributes(
  client: Client,
  namespace: string,
  logger: Pick<Logger, 'warn'>,
): SearchAttributes {
  let areKnown = false;
  let isTold = false;
  let timer: NodeJS.Timeout | undefined;

  async function attempt(): Promise<void> {
    try {
      await client.withDeadline(Date.now() + CALL_TIMEOUT_MS, () => register(client, namespace));
      areKnown = true;
    } catch (error) {
      if (!isTold)
        logger.warn({ err: error }, 'the search attributes are not registered; transactions go without them');
      isTold = true;
      again();
    }
  }
  function again(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void attempt(), AGAIN_AFTER_MS).unref();
  }
  void attempt();

  return {
    of: (input) => (areKnown ? typed(searchAttributesOf(input)) : undefined),
    refused() {
      areKnown = false;
      again();
    },
    stop: () => clearTimeout(timer),
  };
}

function typed(attributes: Readonly<Record<string, string>>): TypedSearchAttributes {
  return new TypedSearchAttributes(
    Object.entries(attributes).map(([name, value]) => ({ key: defineSearchAttributeKey(name, 'KEYWORD'), value })),
  );
}

async function register({ connection }: Client, namespace: string): Promise<void> {
  const names = Object.values(SEARCH_ATTRIBUTES);
  const lacking = async () => {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    return names.filter((name) => !Object.hasOwn(customAttributes, name));
  };
  const missing = await lacking();
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, KEYWORD]));
  try {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch (error) {
    if (!isGrpcServiceError(error) || error.code !== ALREADY_EXISTS) throw error;
  }
  const still = await lacking();
  if (still.length > 0) throw new Error(`not there yet: ${still.join(', ')}`);
}
