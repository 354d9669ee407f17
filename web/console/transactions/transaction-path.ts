/** Where a transaction is shown, with whose it is: some roles see the transactions of one user at a time. */
export function transactionPath(id: string, userId: string | null): string {
  const owner = userId === null ? '' : `?${new URLSearchParams({ userId })}`;
  return `/transactions/${id}${owner}`;
}
