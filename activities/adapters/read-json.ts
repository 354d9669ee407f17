import type { Dispatcher } from 'undici';

/** The JSON of a reply; undefined where a proxy or a gateway answered with something else. */
export async function readJson(body: Dispatcher.ResponseData['body']): Promise<unknown> {
  const text = await body.text();
  try {
    return JSON.parse(text);
  } catch {
    // Whoever reads it judges by the status then.
    return undefined;
  }
}
