import { performance } from 'node:perf_hooks';

/** Times by `performance.now()`. */
export interface Exchange {
  readonly sentAtMs: number;
  /** When the whole reply was there. */
  readonly repliedAtMs: number;
  /** More than 1 when the client had to try again. */
  readonly tries: number;
}

/** `fetch` with a stopwatch, for a client that makes one request at a time. */
export interface TimedFetch {
  readonly fetch: typeof fetch;
  /** What was sent since the last call, from the first try to the last reply. Throws when nothing was. */
  takeExchange(): Exchange;
}

export function createTimedFetch(): TimedFetch {
  let exchange: Exchange | undefined;
  return {
    async fetch(input, init) {
      const sentAtMs = exchange?.sentAtMs ?? performance.now();
      const tries = (exchange?.tries ?? 0) + 1;
      // A request that fails counts as a try too.
      exchange = { sentAtMs, repliedAtMs: Number.NaN, tries };
      const { status, headers, body } = await readWhole(await fetch(input, init));
      exchange = { sentAtMs, repliedAtMs: performance.now(), tries };
      // A status without a body, such as 204, allows none, not even an empty one.
      return new Response(body.byteLength > 0 ? body : null, { status, headers });
    },
    takeExchange() {
      if (!exchange) throw new Error('nothing was sent');
      const taken = exchange;
      exchange = undefined;
      return taken;
    },
  };
}

async function readWhole(response: Response) {
  return { status: response.status, headers: response.headers, body: await response.arrayBuffer() };
}
