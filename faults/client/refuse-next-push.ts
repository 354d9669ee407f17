/** The provider refuses the next push to this phone, and only that: nothing else follows from it. */
export async function refuseNextPush(fcmUrl: string, token: string): Promise<void> {
  try {
    await fetch(`${fcmUrl}/simulator/behaviour`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, next: 1, reply: 'MESSAGE_TOO_BIG' }),
      signal: AbortSignal.timeout(5_000),
    });
  } catch {
    // The provider is frozen, which is one of the faults: the push fails for that.
  }
}
