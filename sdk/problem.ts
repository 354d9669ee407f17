import { type DeviceError, localError, problemError } from './errors.ts';

/** The error told by a reply outside 2xx: the server's problem where the body is one, else its bare status. */
export function errorOfReply(response: Response, body: string, nowMs: number): DeviceError {
  const details = { status: response.status, ...retryAfter(response.headers.get('retry-after'), nowMs) };
  const problem = parseProblem(body);
  if (problem) {
    const { code, title, detail } = problem;
    return problemError(code, detail ? `${title} (${detail})` : title, { ...details, ...(detail && { detail }) });
  }
  if (response.status >= 500) {
    return localError('server_failed', `The server failed with status ${response.status}.`, details);
  }
  return localError('reply_malformed', `The server answered ${response.status}, in no form known here.`, details);
}

function parseProblem(body: string): { code: string; title: string; detail?: string } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // Proxies answer in HTML; the status alone then tells.
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { code, title, detail } = value as Record<string, unknown>;
  if (typeof code !== 'string') return undefined;
  return {
    code,
    title: typeof title === 'string' ? title : code,
    ...(typeof detail === 'string' && { detail }),
  };
}

/** Seconds, or a date in HTTP's form; anything else is as if it were not there. */
function retryAfter(header: string | null, nowMs: number): { retryAfterSeconds?: number } {
  if (header === null) return {};
  if (/^\d{1,9}$/.test(header)) return { retryAfterSeconds: Number(header) };
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? {} : { retryAfterSeconds: Math.max(0, Math.ceil((atMs - nowMs) / 1000)) };
}
