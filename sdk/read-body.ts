import { localError } from './errors.ts';

const MAX_REPLY_BYTES = 1024 * 1024;

/** The body as text, at most 1 MiB of it: a server that sends without end costs the phone no memory. */
export async function readBody(response: Response): Promise<string> {
  if (!response.body) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > MAX_REPLY_BYTES) {
      await reader.cancel();
      throw localError('reply_malformed', 'The reply is larger than 1 MiB.', { status: response.status });
    }
    text += decoder.decode(value, { stream: true });
  }
}
