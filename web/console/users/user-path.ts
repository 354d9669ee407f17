/** Where a user is shown. The id stands in the query: it may hold anything. */
export function userPath(userId: string): string {
  return `/users/one?${new URLSearchParams({ userId })}`;
}
