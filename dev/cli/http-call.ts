import { CommandError, PortalRefusal } from './failures.ts';

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Of the whole call. */
  readonly timeoutMs: number;
}

/**
 * One HTTP call; the JSON of its reply, or undefined for an empty one.
 * Throws {@link PortalRefusal} for a status outside 2xx, {@link CommandError} when nothing answers.
 */
export async function httpCall(url: string, call: HttpCall): Promise<unknown> {
  const text = Buffer.from(await httpBytes(url, call)).toString();
  return text === '' ? undefined : parse(url, text);
}

/** The same, for a reply of any kind. */
export async function httpBytes(url: string, { timeoutMs, ...init }: HttpCall): Promise<Uint8Array> {
  let status: number;
  let bytes: Uint8Array;
  try {
    const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    status = response.status;
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new CommandError(explain(url, cause), { cause });
  }
  if (status < 200 || status > 299) throw refusalOf(status, Buffer.from(bytes).toString());
  return bytes;
}

function explain(url: string, cause: unknown): string {
  const { origin } = new URL(url);
  if (cause instanceof Error && cause.name === 'TimeoutError') return `${origin} did not answer in time.`;
  return `Nothing answers at ${origin}. Is it running? \`npm start\` starts it.`;
}

function parse(url: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CommandError(`${new URL(url).origin} answered in another form than JSON.`, { cause });
  }
}

/** Three shapes of refusals: numbered ones, problems, and OAuth errors. */
function refusalOf(status: number, text: string): PortalRefusal {
  const body = errorBody(text);
  const code = firstText(body.error_code, body.code, body.error) ?? `http_${status}`;
  const said = firstText(body.description, body.error_description, body.title) ?? `status ${status}`;
  const detail = firstText(body.detail);
  return new PortalRefusal(code, status, detail ? `${said} (${detail})` : said);
}

function errorBody(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    // Not one of the API's bodies; the status tells all there is.
    return {};
  }
}

function firstText(...values: unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string' && value !== '');
}
