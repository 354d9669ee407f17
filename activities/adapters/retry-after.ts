/** Milliseconds that a `retry-after` header asks to wait: seconds or a date (RFC 9110, 10.2.3); nothing where it has neither. */
export function retryAfterOf(header: unknown, nowMs = Date.now()): { readonly retryAfterMs?: number } {
  const value = Array.isArray(header) ? header[0] : header;
  if (typeof value !== 'string') return {};
  if (/^\d{1,8}$/.test(value.trim())) return { retryAfterMs: Number(value) * 1_000 };
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? {} : { retryAfterMs: Math.max(0, atMs - nowMs) };
}
