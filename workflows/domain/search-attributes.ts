/** What operators can find transactions by in Temporal, which keeps it in clear: nothing personal, nothing a portal writes. */
export const SEARCH_ATTRIBUTES = {
  type: 'CountersignType',
  method: 'CountersignMethod',
  client: 'CountersignClient',
  status: 'CountersignStatus',
} as const;

/** The attributes of a transaction at its begin, by name. */
export function searchAttributesOf(transaction: {
  readonly clientId: string;
  readonly policy: { readonly typeName: string; readonly method: string };
}): Readonly<Record<string, string>> {
  return {
    [SEARCH_ATTRIBUTES.type]: transaction.policy.typeName,
    [SEARCH_ATTRIBUTES.method]: transaction.policy.method,
    [SEARCH_ATTRIBUTES.client]: transaction.clientId,
    [SEARCH_ATTRIBUTES.status]: 'pending',
  };
}
